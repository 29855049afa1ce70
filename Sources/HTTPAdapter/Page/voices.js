// The list of voices, and the form for a new voice from a recording.
import { call } from "./api.js";
import { Recorder } from "./recorder.js";

const element = (id) => document.getElementById(id);
const largestFile = 25 * 2 ** 20;
const settings = ["gpt_cond_len", "gpt_cond_chunk_len", "max_ref_len", "sound_norm_refs"];
/** Whether a file is an exported voice instead of a recording. */
const isLatents = (file) => /\.(json|safetensors|pth)$/i.test(file.name);

export class Voices {
  #choice = element("voice");
  #list = element("voice-list");

  constructor() {
    this.#choice.addEventListener("change", () => this.#markChosen());
    element("new-voice").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#register();
    });
    element("voice-file").addEventListener("change", () => this.#offer());
    element("voice-clean").addEventListener("change", () => this.#listen());
    new Recorder((recording) => this.#take([recording]), (message) => { element("voice-error").textContent = message; });
    for (const name of ["dragover", "dragleave", "drop"]) {
      element("drop").addEventListener(name, (event) => this.#drag(event));
    }
    element("remove-cancel").addEventListener("click", () => element("remove-dialog").close());
  }

  /** @param {{voice_id: string, display_name: string, language: string}[]} voices */
  show(voices, chosen = this.#choice.value) {
    const registered = voices.filter(isRegistered);
    const builtIn = voices.filter((voice) => !isRegistered(voice));
    this.#choice.replaceChildren(
      ...[["Registered", registered], ["Built in", builtIn]].filter(([, group]) => group.length).map(([label, group]) => {
        const section = document.createElement("optgroup");
        section.label = label;
        section.append(...group.map((voice) => new Option(voice.display_name, voice.voice_id)));
        return section;
      }));
    this.#choice.value = voices.some((voice) => voice.voice_id === chosen) ? chosen : (builtIn[0] ?? voices[0])?.voice_id;
    this.#list.replaceChildren(...registered.map((voice) => this.#row(voice)));
    element("voices-empty").hidden = registered.length > 0;
    this.#markChosen();
  }

  async #reload(chosen) {
    this.show((await (await call("api/v1/tts/voices")).json()).voices, chosen);
  }

  #row(voice) {
    const row = document.createElement("li");
    const choose = document.createElement("button");
    choose.type = "button";
    choose.className = "choose";
    choose.dataset.voice = voice.voice_id;
    const name = document.createElement("span");
    name.textContent = voice.display_name;
    const language = document.createElement("small");
    language.textContent = voice.language;
    if (voice.consent) choose.title = `Consent: ${voice.consent}`;
    choose.append(name, language);
    choose.addEventListener("click", () => {
      this.#choice.value = voice.voice_id;
      element("language").value = voice.language;
      this.#markChosen();
    });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "remove";
    remove.textContent = "Delete";
    remove.setAttribute("aria-label", `Delete ${voice.display_name}`);
    remove.addEventListener("click", () => this.#remove(voice));
    row.append(choose, this.#exporter(voice), remove);
    return row;
  }

  /** A button that saves the voice as a file for another installation. */
  #exporter(voice) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "export";
    button.textContent = "Export";
    button.setAttribute("aria-label", `Export ${voice.display_name}`);
    button.addEventListener("click", async () => {
      element("voice-error").textContent = "";
      try {
        const file = await (await call(`api/v1/tts/voices/${encodeURIComponent(voice.voice_id)}/latents`)).blob();
        const link = document.createElement("a");
        link.href = URL.createObjectURL(file);
        link.download = `${voice.display_name.replace(/[^\p{L}\p{N}]+/gu, "-") || "voice"}.json`;
        link.click();
        URL.revokeObjectURL(link.href);
      } catch (error) {
        element("voice-error").textContent = error.message;
      }
    });
    return button;
  }

  #markChosen() {
    for (const button of this.#list.querySelectorAll(".choose")) {
      button.setAttribute("aria-pressed", String(button.dataset.voice === this.#choice.value));
    }
  }

  #drag(event) {
    event.preventDefault();
    element("drop").toggleAttribute("data-over", event.type === "dragover");
    if (event.type !== "drop" || event.dataTransfer.files.length === 0) return;
    element("voice-file").files = event.dataTransfer.files;
    this.#offer();
  }

  /** Puts a recording into the form, as if it was chosen. */
  #take(files) {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    element("voice-file").files = transfer.files;
    this.#offer();
  }

  /** Shows the chosen file and proposes its name as the name of the voice. */
  #offer() {
    const [file, ...others] = element("voice-file").files;
    element("voice-file-text").textContent = [file?.name ?? "Choose recordings, or drop them here",
      ...(others.length ? [`and ${others.length} more`] : [])].join(" ");
    this.#listen();
    const name = element("voice-name");
    if (file && !name.value) name.value = file.name.replace(/\.[^.]*$/, "").replace(/[_-]+/g, " ");
  }

  /** Offers the recording for listening, cleaned if that is chosen. */
  async #listen() {
    const sound = element("voice-sound");
    const file = element("voice-file").files[0];
    if (sound.src) URL.revokeObjectURL(sound.src);
    sound.removeAttribute("src");
    sound.hidden = !file || isLatents(file);
    if (sound.hidden) return;
    let heard = file;
    if (element("voice-clean").checked) {
      const form = new FormData();
      form.set("file", file);
      try {
        heard = await (await call("api/v1/tts/voices/clean", { method: "POST", form })).blob();
      } catch (error) {
        element("voice-error").textContent = error.message;
      }
    }
    if (file === element("voice-file").files[0]) sound.src = URL.createObjectURL(heard);
  }

  async #register() {
    const form = element("new-voice");
    const button = form.querySelector("button");
    const files = [...element("voice-file").files];
    element("voice-error").textContent = "";
    element("voice-message").textContent = isLatents(files[0]) ? "Reading the voice" : "Listening to the recording";
    button.disabled = true;
    try {
      if (files.some((file) => file.size > largestFile)) throw new Error("The recording is larger than 25 MiB. Half a minute is enough.");
      const fields = new FormData();
      for (const file of files) fields.append("file", file);
      for (const name of settings.filter((name) => element(`voice-${name}`).value)) {
        fields.set(name, element(`voice-${name}`).value);
      }
      fields.set("display_name", element("voice-name").value);
      fields.set("language", element("voice-language").value);
      fields.set("source_note", "added on the page");
      fields.set("consent", "Confirmed on the page: the person who is heard agreed to this use.");
      if (element("voice-clean").checked) fields.set("clean_reference", "true");
      const answer = await call("api/v1/tts/voices", { method: "POST", form: fields });
      const voice = await answer.json();
      form.reset();
      this.#offer();
      await this.#reload(voice.voice_id);
      element("language").value = voice.language;
      element("voice-message").textContent = [`${voice.display_name} is ready.`, ...(voice.warnings ?? [])].join(" ");
    } catch (error) {
      element("voice-message").textContent = "";
      element("voice-error").textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }

  #remove(voice) {
    element("remove-name").textContent = voice.display_name;
    element("remove-confirm").onclick = async () => {
      element("remove-dialog").close();
      element("voice-error").textContent = "";
      try {
        await call(`api/v1/tts/voices/${encodeURIComponent(voice.voice_id)}`, { method: "DELETE" });
        await this.#reload();
        element("voice-message").textContent = `${voice.display_name} was deleted.`;
      } catch (error) {
        element("voice-error").textContent = error.message;
      }
    };
    element("remove-dialog").showModal();
  }
}

/** Registered voices have ids of 32 hexadecimal digits; built-in voices have names. */
function isRegistered(voice) {
  return /^[0-9a-f]{32}$/.test(voice.voice_id);
}
