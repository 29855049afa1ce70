/** The service's error reply. @see messages.d.ts ErrorReply */
export class SpeechError extends Error {
  /** @param {import("./messages.d.ts").ErrorReply} reply */
  constructor({ error, request_id }) {
    super(error.message);
    this.name = "SpeechError";
    this.code = error.code;
    this.field = error.field;
    /** Whether the same request can succeed later. */
    this.retryable = error.retryable;
    this.requestId = request_id;
  }
}

/** No answer came in time. The request was cancelled, so it costs the service nothing more. */
export class TimeoutError extends Error {
  constructor(milliseconds) {
    super(`no answer within ${milliseconds} ms`);
    this.name = "TimeoutError";
  }
}

/** The broker stayed away longer than the client was told to try. */
export class DisconnectedError extends Error {
  constructor(cause) {
    super("the broker can't be reached", { cause });
    this.name = "DisconnectedError";
  }
}
