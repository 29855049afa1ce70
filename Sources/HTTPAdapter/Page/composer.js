// The text, its settings, and the request that streams the audio.
import { call } from "./api.js";
import { PCMDecoder } from "./player.js";

const element = (id) => document.getElementById(id);
/** The largest number of characters of a document. */
const largestMarkup = 2 ** 20;

export class Composer {
  #transport;
  #running = null;
  #button = element("speak");
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
    this.#text.addEventListener("input", () => this.#count());
    element("input-type").addEventListener("change", () => this.limit(this.#limit));
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      this.#running ? this.#running.abort() : element("composer").requestSubmit();
    });
    for (const [id, show] of [
      ["speed", (value) => `${value.toFixed(2)}×`],
      ["temperature", (value) => value.toFixed(2)],
    ]) {
      element(id).addEventListener("input", (event) => {
        event.target.dataset.chosen = "";
        element(`${id}-value`).textContent = show(event.target.valueAsNumber);
      });
    }
    this.#count();
  }

  /** @param {number} characters the largest number that the service accepts */
  limit(characters) {
    this.#limit = characters;
    // Markup does not count against the limit, which is checked by the service.
    this.#text.maxLength = element("input-type").value ? largestMarkup : characters;
    this.#count();
  }

  #count() {
    element("count").textContent = `${this.#text.value.length.toLocaleString()} of ${this.#text.maxLength.toLocaleString()}`;
  }

  /** Builds the request's JSON. A seed may exceed JavaScript's exact integers, so it is inserted as it was typed. */
  #request() {
    const request = {
      text: this.#text.value, language: element("language").value, speaker_id: element("voice").value,
      speed: element("speed").valueAsNumber, format: "pcm", stream: true,
    };
    if (element("normalization").value) request.text_normalization = element("normalization").value;
    if (element("input-type").value) request.input_type = element("input-type").value;
    if (element("lexicon").value) request.lexicon = element("lexicon").value;
    if ("chosen" in element("temperature").dataset) request.temperature = element("temperature").valueAsNumber;
    if (element("seed").value) request.seed = JSON.rawJSON?.(BigInt(element("seed").value).toString()) ?? Number(element("seed").value);
    return request;
  }

  async #speak() {
    const running = (this.#running = new AbortController());
    element("speak-error").textContent = "";
    this.#setRunning(true);
    this.#tell("Waiting for the first sound");
    for (const name of ["first", "length", "factor", "request"]) this.#fact(name, "–");
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    this.#transport.begin(fileName(this.#text.value));
    const request = this.#request();
    // Equal requests give equal speech.
    this.#transport.source = async (format) => {
      const json = { ...request, format, stream: false };
      const reply = await (await call("api/v1/tts/synthesize", { method: "POST", json })).json();
      if (reply.audio_url) return (await call(reply.audio_url.replace(/^.*?\/api\//, "api/"))).blob();
      return new Blob([Uint8Array.from(atob(reply.audio_base64), (character) => character.charCodeAt(0))]);
    };
    try {
      const response = await call("api/v1/tts/synthesize", { method: "POST", json: request, signal: running.signal });
      this.#fact("request", response.headers.get("X-Request-ID") ?? "–");
      const decoder = new PCMDecoder();
      const reader = response.body.getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        if (this.#transport.duration === 0) {
          this.#fact("first", seconds(elapsed()));
          this.#tell("Speaking");
        }
        this.#transport.append(decoder.decode(piece.value));
        this.#fact("length", seconds(this.#transport.duration));
      }
      if (this.#transport.duration === 0) throw new TypeError("nothing came");
      this.#fact("factor", (elapsed() / this.#transport.duration).toFixed(2));
      this.#tell(`Done: ${this.#transport.duration.toFixed(1)} seconds of speech`);
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

  #setRunning(isRunning) {
    this.#button.textContent = isRunning ? "Stop" : "Speak";
    this.#button.type = isRunning ? "button" : "submit";
    this.#button.toggleAttribute("data-running", isRunning);
  }

  #fact(name, value) { element(`fact-${name}`).textContent = value; }
  #tell(text) { element("listen-state").textContent = text; }
}

const seconds = (value) => `${value.toFixed(2)} s`;

/** The first five words, as a file name. */
function fileName(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 5).join("-").slice(0, 48) || "speech";
}
