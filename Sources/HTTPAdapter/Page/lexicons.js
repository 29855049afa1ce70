// The list of pronunciation lexicons, and the form that edits one: a line per entry, "written = spoken".
import { call } from "./api.js";

const element = (id) => document.getElementById(id);
const path = (id) => `api/v1/tts/lexicons/${encodeURIComponent(id)}`;

export class Lexicons {
  #stored = [];
  /** The id whose entries are in the form. */
  #shown = "";

  constructor() {
    element("lexicon-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#change("PUT", "saved");
    });
    element("lexicon-remove").addEventListener("click", () => this.#change("DELETE", "deleted"));
    element("lexicon-id").addEventListener("change", () => this.#open());
  }

  /** Offers the stored lexicons that every request may name. Those of one user need the user's id. */
  async reload() {
    const { lexicons } = await (await call("api/v1/tts/lexicons")).json();
    this.#stored = lexicons.filter(({ scope }) => scope === "service");
    const choice = element("lexicon");
    const [unset] = choice.options;
    const chosen = choice.value;
    choice.replaceChildren(unset, ...this.#stored.map(({ lexicon_id: id }) => new Option(id, id)));
    choice.value = this.#find(chosen) ? chosen : "";
    element("lexicon-ids").replaceChildren(...this.#stored.map(({ lexicon_id: id }) => new Option(id, id)));
    element("lexicon-remove").disabled = !this.#find(this.#id);
  }

  get #id() { return element("lexicon-id").value.trim(); }

  #find(id) { return this.#stored.find(({ lexicon_id: stored }) => stored === id); }

  /** Shows the entries of the lexicon with the typed id. For a new id, the form stays as it is. */
  #open() {
    const lexicon = this.#find(this.#id);
    element("lexicon-remove").disabled = !lexicon;
    if (!lexicon || this.#shown === this.#id) return;
    this.#shown = this.#id;
    element("lexicon-entries").value = lexicon.entries.map(({ written, spoken }) => `${written} = ${spoken}`).join("\n");
  }

  async #change(method, done) {
    const id = this.#id;
    element("lexicon-error").textContent = element("lexicon-message").textContent = "";
    try {
      const json = method === "PUT" ? this.#lexicon(id) : undefined;
      await call(path(id), { method, json });
      await this.reload();
      if (method === "PUT") element("lexicon").value = this.#shown = id;
      else element("lexicon-form").reset();
      element("lexicon-remove").disabled = method === "DELETE";
      element("lexicon-message").textContent = `${id} was ${done}.`;
    } catch (error) {
      element("lexicon-error").textContent = error.message;
    }
  }

  /** The lexicon of the form. Entries that were stored keep their other fields. */
  #lexicon(id) {
    const stored = this.#find(id);
    const known = new Map((stored?.entries ?? []).map((entry) => [entry.written, entry]));
    const lines = element("lexicon-entries").value.split("\n").filter((line) => line.trim());
    const entries = lines.map((line) => {
      const at = line.indexOf("=");
      if (at < 0) throw new Error(`“${line.trim()}” has no =. Write one entry per line, such as Nguyen = Win.`);
      const written = line.slice(0, at).trim();
      return { ...known.get(written), written, spoken: line.slice(at + 1).trim() };
    });
    return { entries, ...(stored?.language ? { language: stored.language } : {}) };
  }
}
