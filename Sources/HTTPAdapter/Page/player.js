// Plays audio while it arrives: pieces are scheduled one after the other on the audio clock.

/** Seconds between scheduling and playing, so that the start of the first piece is not cut. */
const lead = 0.06;

export class Player extends EventTarget {
  #context = null;
  #samples = new Float32Array(0);
  #count = 0;
  #isComplete = true;
  #isPlaying = false;
  /** The position where playing resumes, in samples. */
  #mark = 0;
  /** The number of scheduled samples, and the start time of the next piece on the audio clock. */
  #scheduled = 0;
  #next = 0;
  #pieces = [];

  constructor(sampleRate) {
    super();
    this.sampleRate = sampleRate;
  }

  get isPlaying() { return this.#isPlaying; }
  get isComplete() { return this.#isComplete; }
  get duration() { return this.#count / this.sampleRate; }
  /** All samples received so far, -1…1. */
  get samples() { return this.#samples.subarray(0, this.#count); }

  /** The position in seconds. It does not advance while the player waits for audio. */
  get position() {
    if (!this.#isPlaying) return this.#mark / this.sampleRate;
    const now = this.#context.currentTime;
    const piece = this.#pieces.findLast(({ start }) => start <= now);
    if (!piece) return this.#mark / this.sampleRate;
    return piece.offset / this.sampleRate + Math.min(now - piece.start, piece.seconds);
  }

  /** Discards the previous audio. Call it from a click, because browsers allow sound only then. */
  begin() {
    this.#silence();
    this.#samples = new Float32Array(this.sampleRate * 8);
    this.#count = this.#mark = 0;
    this.#isComplete = false;
    this.play();
  }

  /** @param {Float32Array} piece */
  append(piece) {
    if (this.#count + piece.length > this.#samples.length) {
      const larger = new Float32Array(Math.max(this.#samples.length * 2, this.#count + piece.length));
      larger.set(this.samples);
      this.#samples = larger;
    }
    this.#samples.set(piece, this.#count);
    this.#count += piece.length;
    if (this.#isPlaying) this.#schedule();
    this.#tell();
  }

  /** All audio has arrived. */
  complete() {
    this.#isComplete = true;
    if (this.#isPlaying && this.#pieces.every(({ isOver }) => isOver)) this.#finish();
    this.#tell();
  }

  play() {
    if (this.#isPlaying) return;
    if (!this.#context) {
      this.#context = new AudioContext({ sampleRate: this.sampleRate });
    }
    this.#context.resume();
    if (this.#isComplete && this.#mark >= this.#count) this.#mark = 0;
    this.#isPlaying = true;
    this.#scheduled = this.#mark;
    this.#next = 0;
    this.#schedule();
    this.#tell();
  }

  pause() {
    const position = this.position;
    this.#silence();
    this.#mark = Math.round(position * this.sampleRate);
    this.#tell();
  }

  /** @param {number} seconds */
  seek(seconds) {
    const wasPlaying = this.#isPlaying;
    this.#silence();
    this.#mark = Math.round(Math.min(Math.max(seconds, 0), this.duration) * this.sampleRate);
    if (wasPlaying) this.play();
    this.#tell();
  }

  #schedule() {
    const length = this.#count - this.#scheduled;
    if (length <= 0) return;
    const buffer = this.#context.createBuffer(1, length, this.sampleRate);
    buffer.copyToChannel(this.#samples.subarray(this.#scheduled, this.#count), 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    const earliest = this.#context.currentTime + lead;
    const start = this.#next > this.#context.currentTime ? this.#next : earliest;
    const piece = { source, start, offset: this.#scheduled, seconds: length / this.sampleRate, isOver: false };
    source.onended = () => {
      piece.isOver = true;
      const isLast = this.#pieces.at(-1) === piece;
      if (isLast && this.#isComplete) this.#finish();
    };
    source.start(start);
    this.#pieces.push(piece);
    this.#scheduled = this.#count;
    this.#next = start + piece.seconds;
  }

  #finish() {
    this.#silence();
    this.#mark = this.#count;
    this.#tell();
  }

  #silence() {
    this.#isPlaying = false;
    for (const { source } of this.#pieces) {
      source.onended = null;
      source.stop();
    }
    this.#pieces = [];
  }

  #tell() { this.dispatchEvent(new Event("change")); }
}

/** The samples as a WAV file, 16-bit mono. */
export function wavFile(samples, sampleRate) {
  const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, value) => [...value].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, sampleRate, true);
  bytes.setUint32(28, sampleRate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => bytes.setInt16(44 + index * 2, Math.round(sample * 32768), true));
  return new Blob([bytes.buffer], { type: "audio/wav" });
}

/** Converts 16-bit little-endian PCM bytes to samples. Half a sample is kept until its second byte arrives. */
export class PCMDecoder {
  #left = null;

  /** @param {Uint8Array} bytes @returns {Float32Array} */
  decode(bytes) {
    if (this.#left !== null) {
      const joined = new Uint8Array(bytes.length + 1);
      joined[0] = this.#left;
      joined.set(bytes, 1);
      bytes = joined;
    }
    this.#left = bytes.length % 2 ? bytes[bytes.length - 1] : null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: bytes.length >> 1 }, (_, index) => view.getInt16(index * 2, true) / 32768);
  }
}
