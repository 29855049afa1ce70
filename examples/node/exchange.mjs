import { createHash } from "node:crypto";
import { SpeechError } from "./errors.mjs";

/**
 * One request and its replies so far. It has no side effects except the promises that it settles. After a reconnect the
 * request is published again under the same message id, and repeated pieces are recognised by their number.
 */
export class Exchange {
  #pieces = [];
  #expected = 0;
  #waiting = null;
  #hash = createHash("sha256");
  #settle;

  /** @param {{queue: string, body: object, correlationId: string, properties: object}} request */
  constructor(request) {
    this.request = request;
    this.isOver = false;
    /** The whole reply; its audio is in `audio` unless it was streamed. */
    this.reply = new Promise((resolve, reject) => { this.#settle = { resolve, reject }; });
    // The reader of a stream may never use it.
    this.reply.catch(() => {});
  }

  /** @param {Buffer} content of a message with this correlation id */
  receive(content) {
    if (this.isOver) return;
    let message;
    try {
      message = JSON.parse(content.toString("utf8"));
    } catch (cause) {
      return this.fail(new Error("the reply is not JSON", { cause }));
    }
    if (message.status === "error") return this.fail(new SpeechError(message));
    if (message.status === "ok") return this.#complete(message);
    if (message.sequence < this.#expected) return;
    if (message.sequence > this.#expected) return this.fail(new Error(`piece ${this.#expected} of the speech is missing`));
    this.#expected += 1;
    const audio = Buffer.from(message.audio_base64, "base64");
    this.#hash.update(audio);
    this.#pieces.push(audio);
    this.#wake();
  }

  #complete(message) {
    const { audio_base64: text, ...reply } = message;
    if (text !== undefined) {
      reply.audio = Buffer.from(text, "base64");
      this.#hash.update(reply.audio);
    }
    const isChecked = text !== undefined || this.#expected > 0;
    if (isChecked && reply.sha256 && this.#hash.digest("hex") !== reply.sha256) {
      return this.fail(new Error("the audio does not match its sha256"));
    }
    this.isOver = true;
    this.#settle.resolve(reply);
    this.#wake();
  }

  /** @param {Error} error */
  fail(error) {
    if (this.isOver) return;
    this.isOver = true;
    this.#settle.reject(error);
    this.#wake();
  }

  #wake() {
    this.#waiting?.();
    this.#waiting = null;
  }

  /** The pieces in order; throws the error after the pieces that arrived. */
  async *pieces() {
    for (;;) {
      if (this.#pieces.length > 0) yield this.#pieces.shift();
      else if (this.isOver) break;
      else await new Promise((resolve) => { this.#waiting = resolve; });
    }
    await this.reply;
  }
}
