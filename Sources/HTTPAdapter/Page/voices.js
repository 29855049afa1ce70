// The voices: the choice of the composer, the list with search, and hearing one before it is chosen.
import { ApiError, call } from "./api.js";
import { confirmed } from "./confirm.js";
import { examples } from "./examples.js";
import { save, whole } from "./files.js";
import { counted } from "./format.js";
import { matching } from "./lists.js";
import { NewVoice } from "./newvoice.js";

const element = (id) => document.getElementById(id);
/** With more voices than this, the composer has a search. */
const few = 12;

export class Voices {
  #voices = [];
  #choice = element("voice");
  #list = element("voice-list");
  #heard = { audio: new Audio(), request: null, url: "" };

  constructor() {
    new NewVoice((voice) => this.#reload(voice.voice_id));
    this.#choice.addEventListener("change", () => this.#choose(this.#choice.value));
    element("voice-filter").addEventListener("input", () => this.#offer());
    element("voices-filter").addEventListener("input", () => this.#showList());
    element("hear").addEventListener("click", () => this.#hear(this.#find(this.#choice.value), "speak-error"));
  }

  /** @param {{voice_id: string, display_name: string, language: string}[]} voices */
  show(voices, chosen = this.#choice.value) {
    this.#voices = voices;
    element("voice-filter").hidden = voices.length <= few;
    const first = voices.find((voice) => !isRegistered(voice)) ?? voices[0];
    this.#offer(this.#find(chosen) ? chosen : first?.voice_id);
    this.#showList();
  }

  async #reload(chosen) {
    this.show((await (await call("api/v1/tts/voices")).json()).voices, chosen);
    if (chosen) this.#choose(chosen);
  }

  #find(id) { return this.#voices.find(({ voice_id: other }) => other === id); }

  /** Fills the composer's choice with the voices that match its search, and the chosen one. */
  #offer(chosen = this.#choice.value) {
    const found = matching(this.#voices, element("voice-filter").value);
    const shown = this.#voices.filter((voice) => found.includes(voice) || voice.voice_id === chosen);
    this.#choice.replaceChildren(...groups(shown).map(([label, group]) => {
      const section = document.createElement("optgroup");
      section.label = label;
      section.append(...group.map((voice) => new Option(voice.display_name, voice.voice_id)));
      return section;
    }));
    this.#choice.value = chosen;
  }

  #showList() {
    const found = matching(this.#voices, element("voices-filter").value);
    this.#list.replaceChildren(...groups(found).flatMap(([label, group]) => {
      const title = document.createElement("li");
      title.className = "group";
      title.textContent = label;
      return [title, ...group.map((voice) => this.#row(voice))];
    }));
    element("voices-empty").hidden = this.#voices.some(isRegistered);
    const all = counted(this.#voices.length, "voice");
    element("voices-count").textContent = found.length === this.#voices.length ? all : `${found.length} of ${all}`;
    this.#markChosen();
  }

  #row(voice) {
    const row = document.createElement("li");
    row.dataset.voice = voice.voice_id;
    const name = document.createElement("span");
    name.textContent = voice.display_name;
    const language = document.createElement("small");
    language.textContent = isRegistered(voice) ? voice.language : "";
    const words = document.createElement("div");
    if (voice.consent) words.title = `Consent: ${voice.consent}`;
    words.append(name, " ", language);
    const button = (label, kind, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = kind;
      made.textContent = label;
      made.setAttribute("aria-label", `${label} ${voice.display_name}`);
      made.addEventListener("click", act);
      return made;
    };
    row.append(words, button("Hear", "plain", () => this.#hear(voice, "hear-error")),
      button("Use", "plain use", () => this.#choose(voice.voice_id)));
    if (isRegistered(voice)) {
      row.append(button("Export", "plain export", () => this.#export(voice)),
        button("Delete", "plain remove", () => this.#remove(voice)));
    }
    return row;
  }

  /** A registered voice has a language; the model's own voices speak all. */
  #choose(id) {
    const voice = this.#find(id);
    if (!voice) return;
    this.#offer(id);
    if (isRegistered(voice)) element("language").value = voice.language;
    this.#markChosen();
    this.#choice.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #markChosen() {
    for (const row of this.#list.querySelectorAll("[data-voice]")) {
      const isChosen = row.dataset.voice === this.#choice.value;
      row.toggleAttribute("data-chosen", isChosen);
      row.querySelector(".use").setAttribute("aria-pressed", String(isChosen));
    }
  }

  /** Plays an example text in a voice. The next call, or one for the same voice, ends it. */
  async #hear(voice, problem) {
    const heard = this.#heard;
    element(problem).textContent = "";
    heard.audio.pause();
    heard.request?.abort();
    if (!voice) return;
    const request = (heard.request = new AbortController());
    const language = isRegistered(voice) ? voice.language : element("language").value;
    element("hear-message").textContent = `Speaking an example as ${voice.display_name}`;
    try {
      const text = examples[language] ?? examples.en;
      const file = await whole(
        { text, language: language in examples ? language : "en", speaker_id: voice.voice_id, format: "wav" }, request.signal);
      URL.revokeObjectURL(heard.url);
      heard.audio.src = heard.url = URL.createObjectURL(file);
      await heard.audio.play();
      element("hear-message").textContent = `${voice.display_name}: “${text}”`;
    } catch (error) {
      if (error.name === "AbortError") return;
      element("hear-message").textContent = "";
      element(problem).textContent = error instanceof ApiError ? error.message : "This browser can't play the sound.";
    }
  }

  /** Saves the voice as a file for another installation. */
  async #export(voice) {
    element("hear-error").textContent = "";
    try {
      const file = await (await call(`api/v1/tts/voices/${encodeURIComponent(voice.voice_id)}/latents`)).blob();
      save(file, `${voice.display_name.replace(/[^\p{L}\p{N}]+/gu, "-") || "voice"}.json`);
    } catch (error) {
      element("hear-error").textContent = error.message;
    }
  }

  async #remove(voice) {
    element("hear-error").textContent = "";
    const question = {
      title: "Delete this voice?", yes: "Delete", no: "Keep",
      text: `“${voice.display_name}” and its recording are deleted. Speech made with it stays.`,
    };
    if (!(await confirmed(question))) return;
    try {
      await call(`api/v1/tts/voices/${encodeURIComponent(voice.voice_id)}`, { method: "DELETE" });
      await this.#reload();
      element("hear-message").textContent = `${voice.display_name} was deleted.`;
    } catch (error) {
      element("hear-error").textContent = error.message;
    }
  }
}

const groups = (voices) => [
  ["Registered", voices.filter(isRegistered)], ["Built in", voices.filter((voice) => !isRegistered(voice))],
].filter(([, group]) => group.length);

/** Registered voices have ids of 32 hexadecimal digits; built-in voices have names. */
function isRegistered(voice) {
  return /^[0-9a-f]{32}$/.test(voice.voice_id);
}
