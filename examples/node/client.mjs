import { randomUUID } from "node:crypto";
import { DisconnectedError, TimeoutError } from "./errors.mjs";
import { Exchange } from "./exchange.mjs";

export { DisconnectedError, SpeechError, TimeoutError } from "./errors.mjs";

/**
 * @typedef {import("./messages.d.ts").SynthesisRequest} SynthesisRequest
 * @typedef {Omit<import("./messages.d.ts").SynthesisReply, "audio_base64"> & {audio?: Buffer}} Speech
 * @typedef {import("./messages.d.ts").VoiceRegisterRequest} VoiceRegisterRequest
 * @typedef {import("./messages.d.ts").VoiceRegisterReply} VoiceRegisterReply
 * @typedef {import("./messages.d.ts").VoiceListReply} VoiceListReply
 *
 * @typedef {object} Transport one connection to the broker; amqplib-transport.mjs is one
 * @property {string} replyTo
 * @property {(exchange: string, key: string, content: Buffer, properties: object) => Promise<void>} publish
 *   resolves when the broker confirmed, rejects when no queue took the message
 * @property {(handler: (message: {correlationId: string, content: Buffer}) => void) => void} onReply
 * @property {(handler: (error?: Error) => void) => void} onClose called once
 * @property {() => Promise<void>} close
 *
 * @typedef {object} RequestOptions
 * @property {AbortSignal} [signal] aborting it also cancels the request in the service
 * @property {number} [timeout] milliseconds for the whole request; also its deadline, after which no worker starts it
 * @property {string} [messageId] the idempotency key: a repeated one gets the same bytes, without a second synthesis
 * @property {number} [priority] 0 to 9
 */

/** Speech over RabbitMQ: requests in flight survive a lost connection. */
export class SpeechClient {
  #options;
  #transport = null;
  #connecting = null;
  #inFlight = new Map();
  #isClosed = false;

  /**
   * @param {object} options
   * @param {() => Promise<Transport>} options.connect called for the first connection and for every new one
   * @param {string} [options.queue] the queue of synthesis requests
   * @param {number} [options.timeout] milliseconds, for requests that set none
   * @param {number} [options.reconnectFor] milliseconds of reconnecting before the requests in flight fail
   * @param {(attempt: number) => number} [options.backoff] milliseconds before an attempt, from 0
   */
  constructor({ connect, queue = "tts.synthesize", timeout = 120_000, reconnectFor = 30_000, backoff = defaultBackoff }) {
    this.#options = { connect, queue, timeout, reconnectFor, backoff };
  }

  /**
   * Speaks a text.
   * @param {SynthesisRequest} request @param {RequestOptions} [options] @returns {Promise<Speech>}
   */
  async synthesize(request, options = {}) {
    return (await this.#start(this.#options.queue, { ...request, stream: false }, options)).reply;
  }

  /**
   * Speaks a text piece by piece: `for await (const bytes of client.stream(…))`. Leaving the loop cancels the rest.
   * @param {SynthesisRequest} request @param {RequestOptions} [options] @returns {AsyncGenerator<Buffer, Speech>}
   */
  async *stream(request, options = {}) {
    const exchange = await this.#start(this.#options.queue, { ...request, stream: true }, options);
    try {
      yield* exchange.pieces();
      return await exchange.reply;
    } finally {
      if (!exchange.isOver) this.#cancel(exchange, new DOMException("the reader left", "AbortError"));
    }
  }

  /** @param {VoiceRegisterRequest} request @param {RequestOptions} [options] @returns {Promise<VoiceRegisterReply>} */
  async registerVoice(request, options = {}) {
    return (await this.#start("tts.voices.register", request, options)).reply;
  }

  /** @returns {Promise<VoiceListReply>} */
  async voices(options = {}) {
    return (await this.#start("tts.voices.list", {}, options)).reply;
  }

  /** Ends the connection; requests in flight fail. */
  async close() {
    this.#isClosed = true;
    this.#failAll(new DisconnectedError());
    await this.#transport?.close();
  }

  async #start(queue, body, { signal, timeout = this.#options.timeout, messageId = randomUUID(), priority }) {
    signal?.throwIfAborted();
    const correlationId = randomUUID();
    const deadline = Date.now() + timeout;
    const properties = { messageId, priority, headers: { "x-deadline": deadline } };
    const exchange = new Exchange({ queue, body, correlationId, properties, deadline });
    this.#inFlight.set(correlationId, exchange);
    const timer = setTimeout(() => this.#cancel(exchange, new TimeoutError(timeout)), timeout);
    const abort = () => this.#cancel(exchange, signal.reason);
    signal?.addEventListener("abort", abort, { once: true });
    exchange.reply.catch(() => {}).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.#inFlight.delete(correlationId);
    });
    try {
      const known = this.#transport;
      const transport = await this.#connection();
      // A new connection has already published all requests in flight, including this one.
      if (transport === known) await this.#publish(transport, exchange);
    } catch (error) {
      exchange.fail(error);
    }
    return exchange;
  }

  async #publish(transport, { request, isOver }) {
    const left = request.deadline - Date.now();
    if (isOver || left <= 0) return;
    await transport.publish("", request.queue, Buffer.from(JSON.stringify(request.body)), {
      ...request.properties, correlationId: request.correlationId, replyTo: transport.replyTo,
      contentType: "application/json", expiration: String(Math.ceil(left)),
    });
  }

  #cancel(exchange, reason) {
    if (exchange.isOver) return;
    exchange.fail(reason);
    const content = Buffer.from(JSON.stringify({ cancel: exchange.request.correlationId }));
    // Best effort: a lost cancellation costs the service some work, and no requester loses a reply.
    this.#transport?.publish("tts.control", "", content, { contentType: "application/json" }).catch(() => {});
  }

  async #connection() {
    if (this.#isClosed) throw new DisconnectedError();
    if (this.#transport) return this.#transport;
    this.#connecting ??= this.#connect().finally(() => { this.#connecting = null; });
    return this.#connecting;
  }

  async #connect() {
    const start = Date.now();
    for (let attempt = 0; !this.#isClosed; attempt += 1) {
      try {
        return await this.#adopt(await this.#options.connect());
      } catch (error) {
        const pause = this.#options.backoff(attempt);
        if (Date.now() - start + pause > this.#options.reconnectFor) throw new DisconnectedError(error);
        await new Promise((resolve) => { setTimeout(resolve, pause); });
      }
    }
    throw new DisconnectedError();
  }

  /** Publishes the requests in flight again, under the same message ids, so that none is spoken twice. */
  async #adopt(transport) {
    transport.onReply(({ correlationId, content }) => this.#inFlight.get(correlationId)?.receive(content));
    transport.onClose(() => {
      if (this.#transport === transport) this.#transport = null;
      if (this.#inFlight.size > 0) this.#connection().catch((error) => this.#failAll(error));
    });
    this.#transport = transport;
    await Promise.all([...this.#inFlight.values()].map((exchange) =>
      this.#publish(transport, exchange).catch((error) => exchange.fail(error))));
    return transport;
  }

  #failAll(error) {
    for (const exchange of this.#inFlight.values()) exchange.fail(error);
  }
}

/** A tenth of a second, doubled up to five seconds, of which up to half is random. */
function defaultBackoff(attempt) {
  return Math.min(100 * 2 ** attempt, 5_000) * (0.5 + Math.random() / 2);
}
