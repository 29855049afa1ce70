// The takes of this visit: listen again, or write on from one.
import { beginning, duration } from "./format.js";
import { kept } from "./lists.js";

const element = (id) => document.getElementById(id);
/** Takes are kept in memory, so there is a limit of each kind. */
const limits = { count: 20, samples: 24_000 * 600 };

/**
 * @typedef {{text: string, voice: string, language: string, samples: Float32Array, seconds: number, at: Date}} Take
 * Other fields belong to the composer.
 */
export class Takes {
  #takes = [];
  #chosen = null;
  #listen;
  #reuse;

  /**
   * @param {(take: Take) => void} listen
   * @param {(take: Take) => void} reuse puts the text and its settings into the form
   */
  constructor(listen, reuse) {
    this.#listen = listen;
    this.#reuse = reuse;
  }

  /** Adds the newest take. The oldest ones leave when there are too many. @param {Take} take */
  add(take) {
    this.#takes.unshift(take);
    this.#takes.length = kept(this.#takes.map(({ samples }) => samples.length), limits);
    this.#chosen = take;
    this.#show();
  }

  #show() {
    const count = this.#takes.length;
    element("takes-note").textContent = count === 0 ? "None yet" : "Kept until this page is closed";
    element("takes").replaceChildren(...this.#takes.map((take) => this.#row(take)));
  }

  #row(take) {
    const row = document.createElement("li");
    const text = document.createElement("p");
    text.dir = "auto";
    text.textContent = beginning(take.text);
    const facts = document.createElement("small");
    facts.textContent = `${take.voice} · ${take.language} · ${duration(take.seconds)} · ${take.at.toLocaleTimeString()}`;
    const named = (label, name, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = label;
      button.setAttribute("aria-label", `${name}: ${beginning(take.text)}`);
      button.addEventListener("click", act);
      return button;
    };
    const words = document.createElement("div");
    words.append(text, facts);
    row.append(
      words,
      named("Listen", "Listen to the take", () => { this.#choose(take); this.#listen(take); }),
      named("Reuse", "Reuse text and settings", () => this.#reuse(take)),
      named("Remove", "Remove the take", () => {
        this.#takes = this.#takes.filter((other) => other !== take);
        this.#show();
      }));
    if (take === this.#chosen) row.setAttribute("aria-current", "true");
    return row;
  }

  #choose(take) {
    this.#chosen = take;
    this.#show();
  }
}
