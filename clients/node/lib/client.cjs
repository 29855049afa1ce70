"use strict";

const { randomUUID } = require("node:crypto");
const { DeadlineError, DisconnectedError } = require("./errors.cjs");
const { Exchange } = require("./exchange.cjs");
const { encode } = require("./json.cjs");
const { connectionSource, isRefusal, openTransport } = require("./transport.cjs");

const contentType = "application/json";

/** Speech over RabbitMQ: requests in flight survive a lost connection. index.d.ts describes it. */
class SpeechClient {
  #options;
  #source;
  #transport = null;
  #connecting = null;
  #inFlight = new Map();
  #closing = new AbortController();

  constructor(source, options = {}) {
    const { queue = "tts.synthesize", timeout = 120_000, reconnectFor = 30_000, backoff = defaultBackoff, socketOptions } = options;
    this.#options = { queue, timeout, reconnectFor, backoff };
    this.#source = connectionSource(source, socketOptions);
  }

  /** "idle", "connecting", "connected" or "closed". */
  get state() {
    if (this.#closing.signal.aborted) return "closed";
    if (this.#transport) return "connected";
    return this.#connecting ? "connecting" : "idle";
  }

  async synthesize(request, options = {}) {
    return (await this.#start(this.#options.queue, { ...request, stream: false }, options)).reply;
  }

  async *stream(request, options = {}) {
    const exchange = await this.#start(this.#options.queue, { ...request, stream: true }, options);
    const { timeout } = exchange.request;
    const wait = async (next) => {
      const timer = setTimeout(() => this.#cancel(exchange, new DeadlineError(timeout)), timeout);
      try { await next(); } finally { clearTimeout(timer); }
    };
    try {
      yield* exchange.pieces(wait);
      return await exchange.reply;
    } finally {
      if (!exchange.isOver) this.#cancel(exchange, new DOMException("the reader left", "AbortError"));
      exchange.replies?.close();
    }
  }

  async registerVoice(request, options = {}) {
    return (await this.#start("tts.voices.register", request, options)).reply;
  }

  async configuration(options = {}) {
    return (await this.#start("tts.config", {}, options)).reply;
  }

  async voices(options = {}) {
    return (await this.#start("tts.voices.list", {}, options)).reply;
  }

  async deleteVoice(voiceId, options = {}) {
    return (await this.#start("tts.voices.delete", { voice_id: voiceId }, options)).reply;
  }

  async close() {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new DisconnectedError("closed"));
    this.#failAll(new DisconnectedError("closed"));
    await this.#transport?.close();
    this.#transport = null;
  }

  async #start(queue, body, { signal, timeout = this.#options.timeout, messageId = randomUUID(), priority }) {
    signal?.throwIfAborted();
    const correlationId = randomUUID();
    const isStreamed = body.stream === true;
    const exchange = new Exchange({
      queue, content: Buffer.from(encode(body)), correlationId, messageId, priority, timeout, isStreamed,
      deadline: Date.now() + timeout,
    });
    this.#inFlight.set(correlationId, exchange);
    // A stream has a time-out for each wait of its reader instead.
    const timer = isStreamed ? undefined : setTimeout(() => this.#cancel(exchange, new DeadlineError(timeout)), timeout);
    const abort = () => this.#cancel(exchange, signal.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.#inFlight.delete(correlationId);
    };
    exchange.reply.then(over, over);
    this.#send(exchange).catch((error) => exchange.fail(error));
    return exchange;
  }

  async #send(exchange) {
    const known = this.#transport;
    const transport = await this.#connection();
    // A new connection has already published all requests in flight, including this one.
    if (transport === known) await this.#publish(transport, exchange);
  }

  async #publish(transport, exchange) {
    const { request } = exchange;
    const deadline = request.isStreamed ? Date.now() + request.timeout : request.deadline;
    const left = Math.ceil(deadline - Date.now());
    if (exchange.isOver || left <= 0) return;
    try {
      let { replyTo } = transport;
      if (request.isStreamed) {
        const replies = await transport.openReplies((content, ack) => exchange.receive(content, ack));
        if (exchange.isOver) return void replies.close();
        exchange.replies = replies;
        ({ replyTo } = replies);
      }
      exchange.replyTo = replyTo;
      await transport.publish("", request.queue, request.content, {
        messageId: request.messageId, correlationId: request.correlationId, replyTo, contentType,
        priority: request.priority, headers: { "x-deadline": deadline }, expiration: String(left),
      });
    } catch (error) {
      if (transport === this.#transport) throw error;
      // The connection is gone: the next one publishes the request again.
    }
  }

  #cancel(exchange, reason) {
    if (exchange.isOver) return;
    exchange.fail(reason);
    const content = Buffer.from(JSON.stringify({ cancel: exchange.request.correlationId }));
    // Best effort: a lost cancellation costs the service some work, and no requester loses a reply.
    this.#transport?.publish("tts.control", "", content, { contentType, replyTo: exchange.replyTo }).catch(() => {});
  }

  async #connection() {
    this.#closing.signal.throwIfAborted();
    if (this.#transport) return this.#transport;
    this.#connecting ??= this.#connect().finally(() => { this.#connecting = null; });
    return this.#connecting;
  }

  async #connect() {
    const { signal } = this.#closing;
    const start = Date.now();
    const { reconnectFor, backoff } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, reconnectFor - (Date.now() - start)))]);
      try {
        const connection = await withSignal(this.#source.open(limit), limit);
        return await this.#adopt(await openTransport(connection, this.#source.isOwned));
      } catch (error) {
        signal.throwIfAborted();
        if (isRefusal(error)) throw new DisconnectedError("refused", error);
        if (!this.#source.canReopen) throw new DisconnectedError("lost", error);
        if (["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"].includes(error?.code)) throw error;
        const pause = backoff(attempt);
        if (Date.now() - start + pause > reconnectFor) throw new DisconnectedError("unreachable", error);
        await new Promise((resolve) => { setTimeout(resolve, pause); });
        signal.throwIfAborted();
      }
    }
  }

  /** Publishes the requests in flight again, under the same message ids, so that none is spoken twice. */
  async #adopt(transport) {
    if (this.#closing.signal.aborted) {
      await transport.close();
      throw new DisconnectedError("closed");
    }
    transport.onReply((correlationId, content) => this.#inFlight.get(correlationId)?.receive(content));
    this.#transport = transport;
    transport.onClose(() => {
      if (this.#transport === transport) this.#transport = null;
      if (this.#closing.signal.aborted || this.#inFlight.size === 0) return;
      // A connection attempt may be the one that has just ended; the next one then starts after it.
      setImmediate(() => this.#connection().catch((error) => this.#failAll(error)));
    });
    await Promise.all([...this.#inFlight.values()].map((exchange) =>
      this.#publish(transport, exchange).catch((error) => exchange.fail(error))));
    return transport;
  }

  #failAll(error) {
    for (const exchange of this.#inFlight.values()) exchange.fail(error);
  }
}

/** The promise, or the signal's reason if that comes first. */
function withSignal(promise, signal) {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener("abort", aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

/** A tenth of a second, doubled up to five seconds, of which up to half is random. */
function defaultBackoff(attempt) {
  return Math.min(100 * 2 ** attempt, 5_000) * (0.5 + Math.random() / 2);
}

module.exports = { SpeechClient };
