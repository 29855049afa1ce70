// The form for a new voice from recordings, the microphone or an exported voice.
import { call } from "./api.js";
import { Recorder } from "./recorder.js";

const element = (id) => document.getElementById(id);
const largestFile = 25 * 2 ** 20;
const settings = ["gpt_cond_len", "gpt_cond_chunk_len", "max_ref_len", "sound_norm_refs"];
/** Whether a file is an exported voice instead of a recording. */
const isLatents = (file) => /\.(json|safetensors|pth)$/i.test(file.name);

export class NewVoice {
  #onVoice;

  /** @param {(voice: {voice_id: string}) => Promise<void>} onVoice receives each registered voice */
  constructor(onVoice) {
    this.#onVoice = onVoice;
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
    const button = form.querySelector("[type=submit]");
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
      await this.#onVoice(voice);
      element("voice-message").textContent = [`${voice.display_name} is ready.`, ...(voice.warnings ?? [])].join(" ");
    } catch (error) {
      element("voice-message").textContent = "";
      element("voice-error").textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }
}
