// The controls of a Player (play, pause, seek, save), and the pictures that follow it.
import { extension, save } from "./files.js";
import { Player, wavFile } from "./player.js";
import { Pictures } from "./pictures.js";
import { Analysis } from "./spectrum.js";

export const sampleRate = 24_000;
const element = (id) => document.getElementById(id);

export class Transport {
  #player = new Player(sampleRate);
  #pictures = new Pictures(sampleRate);
  #analysis = null;
  #button = element("play");
  #slider = element("seek");
  #take = null;
  #isMoving = false;

  constructor() {
    this.#player.addEventListener("change", () => this.#follow());
    this.#button.addEventListener("click", () => (this.#player.isPlaying ? this.#player.pause() : this.#player.play()));
    this.#slider.addEventListener("input", () => this.#player.seek(Number(this.#slider.value)));
    element("download").addEventListener("click", (event) => this.#save(event.target));
    element("pictures").addEventListener("pointerdown", (event) => {
      if (this.#player.duration > 0) this.#player.seek(this.#pictures.secondsAt(event.clientX));
    });
  }

  get duration() { return this.#player.duration; }
  /** A copy of the samples received so far. */
  get samples() { return this.#player.samples.slice(); }

  /**
   * Starts a new recording.
   * @param {{name: string, source: (format: string) => Promise<Blob>}} take the file name for saving, and the same
   * speech in another format
   */
  begin(take) {
    this.#take = take;
    this.#analysis = new Analysis(sampleRate);
    this.#pictures.show(this.#analysis);
    this.#player.begin();
  }

  /** @param {Float32Array} piece */
  append(piece) {
    this.#analysis.append(piece);
    this.#player.append(piece);
  }

  complete() {
    this.#analysis?.complete();
    this.#player.complete();
    const length = `${this.#player.duration.toFixed(1)} seconds`;
    element("waveform").setAttribute("aria-label", `Waveform of ${length} of speech`);
    element("spectrogram").setAttribute("aria-label", `Spectrogram of ${length} of speech, 80 hertz to 12 kilohertz`);
  }

  stop() { this.#player.pause(); }

  /** Call it when the page's colours have changed. */
  recolour() { this.#pictures.refresh(); }

  #follow() {
    const player = this.#player;
    const isEmpty = player.duration === 0;
    this.#button.disabled = this.#slider.disabled = isEmpty;
    element("download").disabled = isEmpty || !player.isComplete;
    this.#button.toggleAttribute("data-playing", player.isPlaying);
    this.#button.setAttribute("aria-label", player.isPlaying ? "Pause" : "Play");
    // While audio arrives, the picture shows a longer time than received, so that it does not rescale at every piece.
    this.#pictures.extend(player.isComplete ? player.duration : Math.ceil((player.duration + 1) / 4) * 4);
    element("time-end").textContent = isEmpty ? "–" : `${this.#pictures.extent.toFixed(1)} s`;
    this.#slider.max = String(player.duration);
    this.#move();
    if (player.isPlaying && !this.#isMoving) {
      this.#isMoving = true;
      requestAnimationFrame(() => this.#tick());
    }
  }

  #tick() {
    this.#isMoving = this.#player.isPlaying;
    this.#move();
    if (this.#isMoving) requestAnimationFrame(() => this.#tick());
  }

  #move() {
    const { position, duration } = this.#player;
    this.#pictures.moveTo(position);
    this.#slider.value = String(position);
    this.#slider.setAttribute("aria-valuetext", `${position.toFixed(1)} of ${duration.toFixed(1)} seconds`);
    element("clock").textContent = `${clock(position)} / ${clock(duration)}`;
  }

  async #save(button) {
    const format = element("save-format").value;
    const take = this.#take;
    button.disabled = true;
    try {
      // Equal requests get equal speech.
      const file = format === "wav" ? wavFile(this.#player.samples, sampleRate) : await take.source(format);
      save(file, `${take.name}.${extension(format)}`);
    } catch (error) {
      element("speak-error").textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }
}

/** Formats minutes, seconds and tenths. */
function clock(seconds) {
  const tenths = Math.floor(seconds * 10);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}
