"""Speech over RabbitMQ: `SpeechClient` blocks (pika), `AsyncSpeechClient` is for asyncio (aio-pika)."""

from ._asyncio import AsyncSpeechClient
from ._sync import SpeechClient
from .errors import DeadlineError, DisconnectedError, ReplyError, ServiceError, SpeechError, UnroutableError
from .messages import Speech

__all__ = [
    "AsyncSpeechClient", "DeadlineError", "DisconnectedError", "ReplyError", "ServiceError", "Speech", "SpeechClient",
    "SpeechError", "UnroutableError",
]
