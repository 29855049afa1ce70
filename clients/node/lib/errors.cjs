"use strict";

/** The base of all errors of the client. index.d.ts describes them. */
class SpeechError extends Error {
  constructor(message, { code, retryable, cause }) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = this.constructor.name;
    this.code = code;
    this.retryable = retryable;
  }
}

class ServiceError extends SpeechError {
  constructor({ error, request_id }) {
    super(error.message, error);
    this.field = error.field ?? undefined;
    this.requestId = request_id;
  }
}

class DeadlineError extends SpeechError {
  constructor(milliseconds) {
    super(`no answer within ${milliseconds} ms`, { code: "deadline_exceeded", retryable: true });
  }
}

const reasons = {
  unreachable: "the broker can't be reached",
  refused: "the broker refuses the login or the virtual host",
  lost: "the connection to the broker was lost",
  closed: "the client is closed",
};

class DisconnectedError extends SpeechError {
  constructor(state, cause) {
    super(reasons[state], { code: "disconnected", retryable: state === "unreachable" || state === "lost", cause });
    this.state = state;
  }
}

class UnroutableError extends SpeechError {
  constructor(queue) {
    super(`there is no queue ${queue}: is the service running?`, { code: "unroutable", retryable: true });
    this.queue = queue;
  }
}

class ReplyError extends SpeechError {
  constructor(message, cause) {
    super(message, { code: "invalid_reply", retryable: true, cause });
  }
}

module.exports = { SpeechError, ServiceError, DeadlineError, DisconnectedError, UnroutableError, ReplyError };
