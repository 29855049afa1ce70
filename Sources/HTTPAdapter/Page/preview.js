// Shows the text that would be spoken. It follows the form while its panel is open.
import { call } from "./api.js";
import { counted } from "./format.js";

const element = (id) => document.getElementById(id);
/** The time without a change before the service is called, in milliseconds. */
const pause = 350;

export class Preview {
  #panel = element("preview");
  #timer = 0;
  #running = null;
  #shown = "";

  constructor() {
    this.#panel.addEventListener("toggle", () => this.#refresh());
    element("composer").addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#refresh(), pause);
    });
  }

  async #refresh() {
    if (!this.#panel.open) return;
    const request = {
      text: element("text").value, language: element("language").value || null,
      text_normalization: element("normalization").value || null, input_type: element("input-type").value || "text",
      lexicon: element("lexicon").value || null,
    };
    const key = JSON.stringify(request);
    if (key === this.#shown) return;
    this.#running?.abort();
    this.#shown = key;
    if (!request.text.trim()) return this.#show("Nothing written yet");
    const running = (this.#running = new AbortController());
    try {
      const answer = await call("api/v1/tts/normalize", { method: "POST", json: request, signal: running.signal });
      const { segments, warnings } = await answer.json();
      this.#show(counted(segments.length, "segment"), segments.map(({ normalized }) => normalized), warnings);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#shown = "";
      this.#show("", [], [error.message]);
    }
  }

  #show(state, lines = [], warnings = []) {
    element("preview-state").textContent = state;
    element("preview-segments").replaceChildren(...lines.map(item));
    element("preview-warnings").replaceChildren(...warnings.map(item));
  }
}

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}
