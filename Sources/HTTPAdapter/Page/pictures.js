// Draws the waveform and the spectrogram of an Analysis in the page's colours.
import { bands, hop } from "./spectrum.js";

const barWidth = 3;
const barStep = 5;

export class Pictures {
  #waveform = document.getElementById("waveform");
  #spectrogram = document.getElementById("spectrogram");
  #playhead = document.getElementById("playhead");
  #frame = document.getElementById("pictures");
  #strip = document.createElement("canvas");
  #analysis = null;
  #position = 0;
  #extent = 1;
  #sampleRate;
  #isStale = { waveform: false, spectrogram: false };
  #colours = null;

  constructor(sampleRate) {
    this.#sampleRate = sampleRate;
    new ResizeObserver(() => this.refresh()).observe(this.#frame);
    this.refresh();
  }

  /** @param {import("./spectrum.js").Analysis} analysis */
  show(analysis) {
    this.#analysis = analysis;
    this.#frame.toggleAttribute("data-empty", !analysis);
    this.refresh();
  }

  /** The duration that the full width represents, in seconds. */
  get extent() { return this.#extent; }

  /** @param {number} seconds the duration that the full width represents */
  extend(seconds) {
    this.#extent = Math.max(seconds, 0.5);
    this.#mark("waveform", "spectrogram");
  }

  /** @param {number} seconds */
  moveTo(seconds) {
    this.#position = seconds;
    this.#playhead.hidden = !this.#analysis;
    this.#playhead.style.transform = `translateX(${this.#frame.clientWidth * Math.min(1, seconds / this.#extent)}px)`;
    this.#mark("waveform");
  }

  /** Redraws everything after colours or sizes have changed. */
  refresh() {
    this.#colours = null;
    this.moveTo(this.#position);
    this.#mark("waveform", "spectrogram");
  }

  /** The time in seconds at a pointer's position. */
  secondsAt(clientX) {
    const box = this.#frame.getBoundingClientRect();
    return ((clientX - box.left) / box.width) * this.#extent;
  }

  #mark(...names) {
    const isIdle = !this.#isStale.waveform && !this.#isStale.spectrogram;
    for (const name of names) this.#isStale[name] = true;
    if (isIdle) requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#colours ??= themeColours(this.#frame);
    if (this.#isStale.waveform) this.#drawWaveform();
    if (this.#isStale.spectrogram) this.#drawSpectrogram();
    this.#isStale = { waveform: false, spectrogram: false };
  }

  #drawWaveform() {
    const { context, width, height } = prepare(this.#waveform);
    const peaks = this.#analysis?.peaks ?? [];
    const perBar = ((this.#extent * this.#sampleRate) / hop / width) * barStep;
    const played = (this.#position / this.#extent) * width;
    for (let x = 1; x + barWidth <= width; x += barStep) {
      const first = Math.floor((x / barStep) * perBar);
      const peak = largest(peaks, first, first + Math.max(1, Math.ceil(perBar)));
      const tall = Math.max(barWidth, peak ** 0.7 * (height - 16));
      context.fillStyle = peak > 0 && x <= played ? this.#colours.accent : this.#colours.bar;
      context.beginPath();
      context.roundRect(x, (height - tall) / 2, barWidth, tall, barWidth / 2);
      context.fill();
    }
  }

  #drawSpectrogram() {
    const { context, width, height } = prepare(this.#spectrogram);
    const columns = this.#analysis?.columns ?? [];
    const strip = this.#strip;
    strip.width = Math.max(1, Math.round(width));
    strip.height = bands;
    const pen = strip.getContext("2d");
    const image = pen.createImageData(strip.width, bands);
    const pixels = new Uint32Array(image.data.buffer);
    const perPixel = (this.#extent * this.#sampleRate) / hop / strip.width;
    for (let x = 0; x < strip.width; x++) {
      const column = columns[Math.floor(x * perPixel)];
      for (let band = 0; band < bands; band++) {
        pixels[(bands - 1 - band) * strip.width + x] = this.#colours.heat[column ? column[band] : 0];
      }
    }
    pen.putImageData(image, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(strip, 0, 0, width, height);
  }
}

/** Sets the size of a canvas from its element and the screen's pixel ratio. */
function prepare(canvas) {
  const scale = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  return { context, width, height };
}

function largest(values, from, to) {
  let largest = 0;
  for (let index = from; index < Math.min(to, values.length); index++) largest = Math.max(largest, values[index]);
  return largest;
}

/** The style sheet's colours for the canvas. `heat` has 256 packed pixels from silent to loud. */
function themeColours(element) {
  const probe = document.createElement("span");
  element.append(probe);
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const channels = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);
  const stops = [0, 1, 2, 3, 4].map((index) => channels(read(`--heat-${index}`)));
  const colours = { accent: read("--accent"), bar: read("--bar"), heat: new Uint32Array(256) };
  probe.remove();
  for (let level = 0; level < 256; level++) {
    const place = (level / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const [red, green, blue] = stops[low].map((value, channel) =>
      Math.round(value + (stops[low + 1][channel] - value) * (place - low)));
    colours.heat[level] = (255 << 24) | (blue << 16) | (green << 8) | red;
  }
  return colours;
}
