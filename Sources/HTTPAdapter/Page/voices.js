// The list of voices, and the form for a new voice from a recording.
import { call } from "./api.js";

const element = (id) => document.getElementById(id);
/** The service accepts bodies of 32 MiB, and base64 adds a third. */
const largestFile = 23 * 2 ** 20;

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
    row.append(choose, remove);
    return row;
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

  /** Shows the chosen file and proposes its name as the name of the voice. */
  #offer() {
    const file = element("voice-file").files[0];
    element("voice-file-text").textContent = file?.name ?? "Choose a recording, or drop it here";
    const name = element("voice-name");
    if (file && !name.value) name.value = file.name.replace(/\.[^.]*$/, "").replace(/[_-]+/g, " ");
  }

  async #register() {
    const form = element("new-voice");
    const button = form.querySelector("button");
    const file = element("voice-file").files[0];
    element("voice-error").textContent = "";
    element("voice-message").textContent = "Listening to the recording";
    button.disabled = true;
    try {
      if (file.size > largestFile) throw new Error("The recording is larger than 23 MB. Half a minute is enough.");
      const answer = await call("api/v1/tts/voices", {
        method: "POST",
        json: {
          display_name: element("voice-name").value, language: element("voice-language").value,
          speaker_wav_base64: await base64(file), source_note: "added on the page; agreement confirmed",
        },
      });
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

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error("The file can't be read."));
    reader.readAsDataURL(file);
  });
}
