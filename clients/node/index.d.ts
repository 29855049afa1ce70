/// <reference types="node" />
import type { ConfigReply, ErrorReply, SynthesisReply, SynthesisRequest, VoiceDeleteReply, VoiceListReply, VoiceRegisterReply, VoiceRegisterRequest } from "./messages";

export * from "./messages";

/** The reply of the service with its audio as bytes. `audio` is missing if the reply has an `audio_url`, and when streamed. */
export type Speech = Omit<SynthesisReply, "audio_base64"> & { audio?: Buffer };

export interface RequestOptions {
  /** Aborting it rejects with its reason and cancels the request in the service. */
  signal?: AbortSignal;
  /** Milliseconds for the whole request, in a stream for each wait for a piece. It is also the request's deadline. */
  timeout?: number;
  /** The idempotency key: a repeated one gets the same bytes, without a second synthesis. Default: a new one. */
  messageId?: string;
  /** 0 to 9. */
  priority?: number;
}

export interface ClientOptions {
  /** The queue of synthesis requests. It is never declared. Default: tts.synthesize. */
  queue?: string;
  /** Milliseconds, for requests that set none. Default: 120,000. */
  timeout?: number;
  /** Milliseconds of connecting before the requests in flight fail. Default: 30,000. */
  reconnectFor?: number;
  /** Milliseconds before an attempt to connect, counted from 0. */
  backoff?: (attempt: number) => number;
  /** As amqplib's `connect` takes them, such as `ca` and `cert`; used with a URL. */
  socketOptions?: object;
}

/** A connection of amqplib 0.10, 1.x or 2.x, as far as the client uses it. */
export interface AmqplibConnection {
  createChannel(): PromiseLike<unknown>;
  createConfirmChannel(): PromiseLike<unknown>;
  close(): PromiseLike<void>;
}

/** A connection manager of amqp-connection-manager, as far as the client uses it. */
export interface ConnectionManager {
  isConnected(): boolean;
  once(event: "connect", listener: (...args: any[]) => void): unknown;
}

/**
 * A URL (needs amqplib), a function that opens a connection of amqplib, such a connection, or a connection manager.
 * The client reconnects, except with a connection that was passed. It closes only what it opened.
 */
export type ConnectionSource = string | URL | AmqplibConnection | ConnectionManager | (() => PromiseLike<AmqplibConnection>);

export class SpeechClient {
  constructor(source: ConnectionSource, options?: ClientOptions);
  readonly state: "idle" | "connecting" | "connected" | "closed";
  /** Speaks a text. */
  synthesize(request: SynthesisRequest, options?: RequestOptions): Promise<Speech>;
  /** Speaks a text piece by piece. Leaving the loop cancels the rest; a slow loop slows the broker, not the memory. */
  stream(request: SynthesisRequest, options?: RequestOptions): AsyncGenerator<Buffer, Speech, void>;
  registerVoice(request: VoiceRegisterRequest, options?: RequestOptions): Promise<VoiceRegisterReply>;
  /** The model, its languages and voices. */
  configuration(options?: RequestOptions): Promise<ConfigReply>;
  voices(options?: RequestOptions): Promise<VoiceListReply>;
  deleteVoice(voiceId: string, options?: RequestOptions): Promise<VoiceDeleteReply>;
  /** Ends the connection; requests in flight fail. */
  close(): Promise<void>;
}

/** The base of the client's errors. */
export class SpeechError extends Error {
  /** An error code of the service, or `disconnected`, `unroutable` or `invalid_reply`. */
  readonly code: ErrorReply["error"]["code"] | "disconnected" | "unroutable" | "invalid_reply";
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
}

/** The service's error reply. */
export class ServiceError extends SpeechError {
  /** The field of the request that is wrong. */
  readonly field?: string;
  readonly requestId: string;
}

/** No reply arrived in time. The request was cancelled, so the service stops its work on it. */
export class DeadlineError extends SpeechError {}

/** There is no connection to the broker. */
export class DisconnectedError extends SpeechError {
  /**
   * `unreachable`: not within `reconnectFor` · `refused`: the broker answered and refuses the login or virtual host ·
   * `lost`: a connection that was passed to the client ended · `closed`: the client is closed.
   */
  readonly state: "unreachable" | "refused" | "lost" | "closed";
}

/** No queue took the request. */
export class UnroutableError extends SpeechError {
  readonly queue: string;
}

/** The reply is damaged: its audio does not match the digest, or a piece is missing. */
export class ReplyError extends SpeechError {}
