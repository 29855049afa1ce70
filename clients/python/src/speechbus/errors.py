"""The errors of the clients. `code` is one of the service's, or `disconnected`, `unroutable` or `invalid_reply`."""

from typing import Any, Literal, Mapping

State = Literal["unreachable", "refused", "lost", "closed"]

_REASONS: dict[str, str] = {
    "unreachable": "the broker can't be reached",
    "refused": "the broker refuses the login or the virtual host",
    "lost": "the connection to the broker was lost",
    "closed": "the client is closed",
}


class SpeechError(Exception):
    """The base of all errors; `retryable` says whether the same request can succeed later."""

    def __init__(self, message: str, *, code: str, retryable: bool) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class ServiceError(SpeechError):
    """The service's error reply; `field` is the field of the request that is wrong."""

    def __init__(self, reply: Mapping[str, Any]) -> None:
        error = reply["error"]
        super().__init__(error["message"], code=error["code"], retryable=error["retryable"])
        self.field: str | None = error.get("field")
        self.request_id: str = reply["request_id"]


class DeadlineError(SpeechError, TimeoutError):
    """No reply arrived in time. The request was cancelled, so the service stops its work on it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer within {seconds} s", code="deadline_exceeded", retryable=True)


class DisconnectedError(SpeechError, ConnectionError):
    """There is no connection.

    `state`: `unreachable` (not within `reconnect_for`), `refused` (the broker refuses the login or virtual host), `lost`,
    or `closed` (the client is closed).
    """

    def __init__(self, state: State) -> None:
        super().__init__(_REASONS[state], code="disconnected", retryable=state in ("unreachable", "lost"))
        self.state = state


class UnroutableError(SpeechError):
    """No queue took the request."""

    def __init__(self, queue: str) -> None:
        super().__init__(f"there is no queue {queue}: is the service running?", code="unroutable", retryable=True)
        self.queue = queue


class ReplyError(SpeechError):
    """The reply is damaged: its audio does not match the digest, or a piece is missing."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="invalid_reply", retryable=True)
