// The text, its settings, and the request that streams the audio.
import { call, hasToken } from "./api.js";
import { examples } from "./examples.js";
import { extension, whole } from "./files.js";
import { PCMDecoder } from "./player.js";
import { snippet } from "./snippet.js";
import { Takes } from "./takes.js";

const element = (id) => document.getElementById(id);
/** The largest number of characters of a document. */
const largestMarkup = 2 ** 20;
/** The fields of the form that are sent only if they have a value: wire name to element. */
const optional = { text_normalization: "normalization", input_type: "input-type", lexicon: "lexicon" };
const numbers = ["top_k", "top_p", "repetition_penalty"];

export class Composer {
  #transport;
  #takes = new Takes((take) => this.#listen(take), (take) => this.#reuse(take));
  #running = null;
  #button = element("speak-button");
  #text = element("text");
  #limit = this.#text.maxLength;

  /** @param {import("./transport.js").Transport} transport */
  constructor(transport) {
    this.#transport = transport;
    element("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#running) this.#speak();
    });
    // While it speaks, the button submits nothing: an invalid form must not prevent a stop.
    this.#button.addEventListener("click", (event) => {
      if (this.#button.type !== "button") return;
      // The abort makes it a submit button before the click has its effect.
      event.preventDefault();
      this.#running?.abort();
    });
    element("input-type").addEventListener("change", () => this.limit(this.#limit));
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      this.#running ? this.#running.abort() : element("composer").requestSubmit();
    });
    for (const id of ["speed", "temperature"]) {
      element(id).addEventListener("input", () => {
        element(id).dataset.chosen = "";
        this.#showSliders();
      });
    }
    element("example").addEventListener("click", () => {
      this.#text.value = examples[element("language").value] ?? examples.en;
      this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    element("composer").addEventListener("input", () => this.#follow());
    element("save-format").addEventListener("change", () => this.#follow());
    element("program").addEventListener("toggle", () => this.#follow());
    element("program-copy").addEventListener("click", async ({ target }) => {
      await navigator.clipboard.writeText(element("program-text").textContent);
      target.textContent = "Copied";
      setTimeout(() => { target.textContent = "Copy"; }, 1_500);
    });
    this.#follow();
  }

  /** @param {number} characters the largest number that the service accepts */
  limit(characters) {
    this.#limit = characters;
    // Markup does not count against the limit, which is checked by the service.
    this.#text.maxLength = element("input-type").value ? largestMarkup : characters;
    this.#follow();
  }

  /** Shows the length of the text, and the request as a program if its panel is open. */
  #follow() {
    const [length, most] = [this.#text.value.length, this.#text.maxLength];
    element("count").textContent = `${length.toLocaleString()} of ${most.toLocaleString()} characters`;
    if (!element("program").open) return;
    const language = document.querySelector('[name="program"]:checked').value;
    const format = element("save-format").value;
    element("program-text").textContent = snippet(language, {
      url: new URL(".", location.href).href, request: { ...this.#request(), format }, needsToken: hasToken(),
      file: `speech.${extension(format)}`,
    });
  }

  #showSliders() {
    element("speed-value").textContent = `${element("speed").valueAsNumber.toFixed(2)}×`;
    const temperature = element("temperature");
    element("temperature-value").textContent = "chosen" in temperature.dataset ? temperature.valueAsNumber.toFixed(2) : "as the model";
  }

  /** Builds the request's JSON. A seed may exceed JavaScript's exact integers, so it is inserted as it was typed. */
  #request() {
    const request = {
      text: this.#text.value, language: element("language").value, speaker_id: element("voice").value,
      speed: element("speed").valueAsNumber, format: "pcm", stream: true,
    };
    for (const [name, id] of Object.entries(optional)) if (element(id).value) request[name] = element(id).value;
    for (const id of numbers) if (element(id).value) request[id] = element(id).valueAsNumber;
    if ("chosen" in element("temperature").dataset) request.temperature = element("temperature").valueAsNumber;
    const seed = element("seed").value;
    if (/^[0-9]+$/.test(seed)) request.seed = JSON.rawJSON?.(BigInt(seed).toString()) ?? Number(seed);
    return request;
  }

  async #speak() {
    const running = (this.#running = new AbortController());
    element("speak-error").textContent = "";
    this.#setRunning(true);
    this.#tell("Waiting for the first sound");
    const take = { text: this.#text.value, at: new Date(), form: formValues(), facts: {} };
    this.#show(take);
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    const request = this.#request();
    take.request = request;
    take.language = request.language;
    take.voice = element("voice").selectedOptions[0]?.text ?? request.speaker_id;
    take.name = fileName(take.text);
    take.source = (format) => whole({ ...request, format, stream: false });
    this.#transport.begin(take);
    try {
      const response = await call("api/v1/tts/synthesize", { method: "POST", json: request, signal: running.signal });
      take.facts.request = response.headers.get("X-Request-ID");
      const decoder = new PCMDecoder();
      const reader = response.body.getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        if (this.#transport.duration === 0) {
          take.facts.first = seconds(elapsed());
          this.#tell("Speaking");
        }
        this.#transport.append(decoder.decode(piece.value));
        take.facts.length = seconds(this.#transport.duration);
        this.#show(take);
      }
      if (this.#transport.duration === 0) throw new TypeError("nothing came");
      take.facts.factor = (elapsed() / this.#transport.duration).toFixed(2);
      [take.seconds, take.samples] = [this.#transport.duration, this.#transport.samples];
      this.#show(take);
      this.#takes.add(take);
      this.#tell(`Done: ${take.seconds.toFixed(1)} seconds of speech`);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#transport.complete();
      this.#running = null;
      this.#setRunning(false);
    }
  }

  #failed(error) {
    if (error.name === "AbortError") {
      this.#transport.stop();
      this.#tell("Stopped");
      return;
    }
    this.#tell("Failed");
    element("speak-error").textContent =
      error instanceof TypeError ? "The speech broke off before its end. Try again." : error.message;
  }

  #listen(take) {
    if (this.#running) return;
    this.#transport.begin(take);
    this.#transport.append(take.samples);
    this.#transport.complete();
    this.#show(take);
    this.#tell(`Take of ${take.at.toLocaleTimeString()}`);
  }

  #reuse(take) {
    for (const [id, value] of Object.entries(take.form)) {
      const field = element(id);
      // A voice or lexicon may have been deleted meanwhile.
      if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value)) field.value = value;
    }
    if (take.request.temperature === undefined) delete element("temperature").dataset.chosen;
    else element("temperature").dataset.chosen = "";
    this.#showSliders();
    this.#text.focus();
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #setRunning(isRunning) {
    this.#button.textContent = isRunning ? "Stop" : "Speak";
    this.#button.type = isRunning ? "button" : "submit";
    this.#button.toggleAttribute("data-running", isRunning);
  }

  #show({ facts }) {
    for (const name of ["first", "length", "factor", "request"]) element(`fact-${name}`).textContent = facts[name] ?? "–";
  }

  #tell(text) { element("listen-state").textContent = text; }
}

function formValues() {
  const ids = ["text", "voice", "language", "speed", "temperature", "seed", ...Object.values(optional), ...numbers];
  return Object.fromEntries(ids.map((id) => [id, element(id).value]));
}

const seconds = (value) => `${value.toFixed(2)} s`;

/** The first five words, as a file name. */
function fileName(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 5).join("-").slice(0, 48) || "speech";
}
