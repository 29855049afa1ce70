"""Requests and replies as values, without input and output."""

import base64
import binascii
import hashlib
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from .errors import ReplyError, ServiceError

CONTROL_EXCHANGE = "tts.control"
CONTENT_TYPE = "application/json"
DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"
PREFETCH = 8
"""Messages of a stream that the broker sends before the reader took one."""


@dataclass(frozen=True)
class Speech:
    """The audio and the other fields of a reply. `audio` is None if `reply` has an `audio_url`."""

    audio: bytes | None
    reply: dict[str, Any]

    @property
    def duration_seconds(self) -> float:
        return float(self.reply["duration_seconds"])

    @property
    def seed(self) -> int:
        return int(self.reply["seed"])


@dataclass(frozen=True)
class Request:
    """One request. A repeated `message_id` gets the same bytes, without a second synthesis."""

    queue: str
    body: dict[str, Any]
    timeout: float
    priority: int | None
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    correlation_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def content(self) -> bytes:
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def cancellation(self) -> bytes:
        return json.dumps({"cancel": self.correlation_id}).encode()


def make_request(
    queue: str, body: dict[str, Any], timeout: float, message_id: str | None, priority: int | None
) -> Request:
    if message_id is None:
        return Request(queue, body, timeout, priority)
    return Request(queue, body, timeout, priority, message_id)


def voice_body(recording: bytes | None, fields: dict[str, Any]) -> dict[str, Any]:
    """The body of a registration."""
    return fields if recording is None else {**fields, "speaker_wav_base64": base64.b64encode(recording).decode()}


def deadline_milliseconds(seconds_left: float) -> int:
    """The header x-deadline, in Unix milliseconds."""
    return int((time.time() + seconds_left) * 1000)


def backoff(attempt: int) -> float:
    """Seconds: a tenth, doubled up to five, of which up to half is random."""
    return min(0.1 * 2.0 ** min(attempt, 10), 5.0) * (0.5 + random.random() / 2)


class Exchange:
    """The replies to one request so far. Repeated pieces are recognised by their number."""

    def __init__(self) -> None:
        self.result: dict[str, Any] | None = None
        self.audio: bytes | None = None
        self._expected = 0
        self._digest = hashlib.sha256()

    def receive(self, content: bytes) -> bytes | None:
        """Takes one message; returns the bytes of a new piece. `result` is set by the last message."""
        try:
            message = json.loads(content)
            audio = base64.b64decode(message["audio_base64"], validate=True) if "audio_base64" in message else None
        except (ValueError, TypeError, binascii.Error) as error:
            raise ReplyError("the reply is not JSON with base64") from error
        if message.get("status") == "error":
            raise ServiceError(message)
        if message.get("status") == "ok":
            self._complete(message, audio)
            return None
        sequence = message.get("sequence")
        if not isinstance(sequence, int) or audio is None:
            raise ReplyError("the reply is neither a piece nor a result")
        if sequence < self._expected:
            return None
        if sequence > self._expected:
            raise ReplyError(f"piece {self._expected} of the speech is missing")
        self._expected += 1
        self._digest.update(audio)
        return audio

    def _complete(self, message: dict[str, Any], audio: bytes | None) -> None:
        if audio is not None:
            self._digest.update(audio)
        is_checked = audio is not None or self._expected > 0
        if is_checked and "sha256" in message and self._digest.hexdigest() != message["sha256"]:
            raise ReplyError("the audio does not match its sha256")
        self.audio = audio
        self.result = {name: value for name, value in message.items() if name != "audio_base64"}

    @property
    def speech(self) -> Speech:
        if self.result is None:
            raise ReplyError("the reply is not complete")
        return Speech(self.audio, self.result)
