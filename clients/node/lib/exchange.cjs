"use strict";

const { createHash } = require("node:crypto");
const { ReplyError, ServiceError } = require("./errors.cjs");
const { decode } = require("./json.cjs");

/**
 * One request and its replies so far. It has no side effects except the promises that it settles and the calls of `ack`.
 * After a reconnect the request is published again under the same message id, and repeated pieces are recognised by
 * their number.
 */
class Exchange {
  #pieces = [];
  #expected = 0;
  #waiting = null;
  #hash = createHash("sha256");
  #settle;

  constructor(request) {
    this.request = request;
    this.isOver = false;
    /** The whole reply; its audio is in `audio` unless it was streamed. */
    this.reply = new Promise((resolve, reject) => { this.#settle = { resolve, reject }; });
    // The reader of a stream may never use it.
    this.reply.catch(() => {});
  }

  /** Takes a message with this correlation id. `ack` is called once the message needs no place any more. */
  receive(content, ack = () => {}) {
    if (this.isOver) return ack();
    let message;
    try {
      message = decode(content.toString("utf8"));
    } catch (cause) {
      ack();
      return this.fail(new ReplyError("the reply is not JSON", cause));
    }
    if (message.status === "error" || message.status === "ok") {
      ack();
      return message.status === "ok" ? this.#complete(message) : this.fail(new ServiceError(message));
    }
    if (!Number.isInteger(message.sequence) || typeof message.audio_base64 !== "string") {
      ack();
      return this.fail(new ReplyError("the reply is neither a piece nor a result"));
    }
    if (message.sequence < this.#expected) return ack();
    if (message.sequence > this.#expected) {
      ack();
      return this.fail(new ReplyError(`piece ${this.#expected} of the speech is missing`));
    }
    this.#expected += 1;
    const audio = Buffer.from(message.audio_base64, "base64");
    this.#hash.update(audio);
    this.#pieces.push({ audio, ack });
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
      return this.fail(new ReplyError("the audio does not match its sha256"));
    }
    this.isOver = true;
    this.#settle.resolve(reply);
    this.#wake();
  }

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

  /**
   * The pieces in order; throws the error after the pieces that arrived. A piece is acknowledged when the reader requests
   * the next one, so the broker holds back what a slow reader has not taken. `wait` surrounds each wait for a message.
   */
  async *pieces(wait) {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        yield piece.audio;
        piece.ack();
      } else if (this.isOver) {
        break;
      } else {
        await wait(() => new Promise((resolve) => { this.#waiting = resolve; }));
      }
    }
    await this.reply;
  }
}

module.exports = { Exchange };
