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

/** No reply arrived in time. The request was cancelled, so the service stops its work on it. */
export class TimeoutError extends Error {
  constructor(milliseconds) {
    super(`no answer within ${milliseconds} ms`);
    this.name = "TimeoutError";
  }
}

/** The broker was unreachable for longer than the client's retry limit. */
export class DisconnectedError extends Error {
  constructor(cause) {
    super("the broker can't be reached", { cause });
    this.name = "DisconnectedError";
  }
}
