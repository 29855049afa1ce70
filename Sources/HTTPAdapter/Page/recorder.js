// Records a voice from the microphone, with a level meter.

const element = (id) => document.getElementById(id);
/** Seconds: a shorter recording makes a poor voice, and of a longer one only the beginning is used. */
export const shortest = 3;
export const longest = 30;
/** Chrome and Firefox write WebM or Ogg, Safari MP4. */
const types = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };

export class Recorder {
  #button = element("record");
  #meter = element("record-level");
  #clock = element("record-clock");
  #recorder = null;
  #onRecording;
  #onError;

  /**
   * @param {(recording: File) => void} onRecording
   * @param {(message: string) => void} onError
   */
  constructor(onRecording, onError) {
    this.#onRecording = onRecording;
    this.#onError = onError;
    this.#button.addEventListener("click", () => (this.#recorder ? this.#recorder.stop() : this.#start()));
  }

  async #start() {
    this.#onError("");
    if (!navigator.mediaDevices || !window.MediaRecorder) {
      this.#onError("This browser records only on pages that are served over HTTPS or from this computer.");
      return;
    }
    this.#button.disabled = true;
    try {
      // Phone calls need these; a voice is recorded as it is.
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
      this.#record(stream);
    } catch (error) {
      this.#onError(error.name === "NotAllowedError" ? "The browser does not allow this page to use the microphone." : "No microphone was found.");
    } finally {
      this.#button.disabled = false;
    }
  }

  #record(stream) {
    const type = Object.keys(types).find((name) => MediaRecorder.isTypeSupported(name)) ?? "";
    const recorder = (this.#recorder = new MediaRecorder(stream, type ? { mimeType: type } : {}));
    const pieces = [];
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      const seconds = elapsed();
      for (const track of stream.getTracks()) track.stop();
      context.close();
      this.#recorder = null;
      this.#show(false);
      if (seconds < shortest) {
        this.#onError(`The recording is shorter than ${shortest} seconds.`);
        return;
      }
      const kind = recorder.mimeType.split(";")[0];
      this.#onRecording(new File(pieces, `recording.${types[kind] ?? "webm"}`, { type: kind }));
    };
    recorder.start();
    this.#show(true);
    this.#follow(analyser, elapsed);
  }

  /** Moves the meter and the clock until the recording has ended. */
  #follow(analyser, elapsed) {
    const recorder = this.#recorder;
    const samples = new Float32Array(analyser.fftSize);
    const step = () => {
      if (this.#recorder !== recorder) return;
      analyser.getFloatTimeDomainData(samples);
      this.#meter.value = level(samples);
      this.#clock.textContent = `${elapsed().toFixed(1)} s of ${longest}`;
      if (elapsed() >= longest) recorder.stop();
      else setTimeout(step, 50);
    };
    step();
  }

  #show(isRecording) {
    this.#button.textContent = isRecording ? "Stop recording" : "Record";
    this.#button.toggleAttribute("data-running", isRecording);
    this.#meter.hidden = !isRecording;
    if (!isRecording) this.#clock.textContent = "";
  }
}

/** The peak on a scale of decibels: 0 at -50 dBFS, 1 at full scale. */
export function level(samples) {
  const peak = samples.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(peak + 1e-9)) / 50));
}
