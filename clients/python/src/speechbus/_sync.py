"""The blocking client, over pika."""

import time
from types import TracebackType
from typing import Any, Generator

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import (
    AMQPConnectionError, AMQPError, AuthenticationError, ProbableAccessDeniedError, ProbableAuthenticationError,
    UnroutableError as PikaUnroutable)

from .errors import DeadlineError, DisconnectedError, UnroutableError
from .messages import (
    CONTENT_TYPE, CONTROL_EXCHANGE, DIRECT_REPLY_TO, PREFETCH, Exchange, Request, Speech, backoff, deadline_milliseconds,
    make_request, voice_body)

_REFUSED = (AuthenticationError, ProbableAuthenticationError, ProbableAccessDeniedError)


class SpeechClient:
    """One request at a time; `with SpeechClient(url) as client: client.synthesize("Hello.")`. Not for several threads.

    It connects with the first request. A request in flight survives a lost connection: it is published again under the
    same message id. Times are in seconds.
    """

    def __init__(
        self, source: str | pika.ConnectionParameters, *, queue: str = "tts.synthesize", timeout: float = 120.0,
        reconnect_for: float = 30.0,
    ) -> None:
        self._parameters = pika.URLParameters(source) if isinstance(source, str) else source
        self.queue, self.timeout, self.reconnect_for = queue, timeout, reconnect_for
        self._connection: pika.BlockingConnection | None = None
        self._is_closed = False

    def __enter__(self) -> "SpeechClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._is_closed = True
        if self._connection is not None and self._connection.is_open:
            self._connection.close()
        self._connection = None

    def synthesize(
        self, text: str, *, message_id: str | None = None, timeout: float | None = None, priority: int | None = None,
        **fields: Any,
    ) -> Speech:
        """Speaks a text. `fields` are the other fields of a request, such as `language` and `seed`."""
        return self._call(self.queue, {**fields, "text": text, "stream": False}, message_id, timeout, priority).speech

    def stream(
        self, text: str, *, message_id: str | None = None, timeout: float | None = None, priority: int | None = None,
        **fields: Any,
    ) -> Generator[bytes, None, None]:
        """Speaks a text piece by piece. Closing the iterator cancels the rest. `timeout` limits each wait for a piece."""
        request = make_request(
            self.queue, {**fields, "text": text, "stream": True}, self.timeout if timeout is None else timeout, message_id,
            priority)
        return self._pieces(request, Exchange())

    def register_voice(
        self, recording: bytes | None = None, *, message_id: str | None = None, timeout: float | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Registers a voice from a recording; `voice_id` of the reply is its id.

        `fields` are the other fields of schemas/voice-register-request.schema.json, such as `display_name`.
        """
        return self._call("tts.voices.register", voice_body(recording, fields), message_id, timeout, None).speech.reply

    def configuration(self, *, timeout: float | None = None) -> dict[str, Any]:
        """The model, its languages and voices: schemas/config-reply.schema.json."""
        return self._call("tts.config", {}, None, timeout, None).speech.reply

    def voices(self, *, timeout: float | None = None) -> dict[str, Any]:
        return self._call("tts.voices.list", {}, None, timeout, None).speech.reply

    def delete_voice(self, voice_id: str, *, timeout: float | None = None) -> dict[str, Any]:
        return self._call("tts.voices.delete", {"voice_id": voice_id}, None, timeout, None).speech.reply

    def _call(
        self, queue: str, body: dict[str, Any], message_id: str | None, timeout: float | None, priority: int | None
    ) -> Exchange:
        exchange = Exchange()
        request = make_request(queue, body, self.timeout if timeout is None else timeout, message_id, priority)
        for _ in self._pieces(request, exchange):
            pass
        return exchange

    def _pieces(self, request: Request, exchange: Exchange) -> Generator[bytes, None, None]:
        """Publishes the request, again after each lost connection, and yields the pieces."""
        is_stream = request.body.get("stream") is True
        end = time.monotonic() + request.timeout
        while exchange.result is None:
            if time.monotonic() > end:
                raise DeadlineError(request.timeout)
            connection = self._connect()
            channel: BlockingChannel | None = None
            reply_to: str | None = None
            try:
                channel = connection.channel()
                messages: list[tuple[int, bytes]] = []
                reply_to = self._subscribe(channel, request, is_stream, messages)
                if is_stream:
                    end = time.monotonic() + request.timeout
                self._publish(channel, request, reply_to, end)
                while exchange.result is None:
                    while not messages:
                        if time.monotonic() > end:
                            raise DeadlineError(request.timeout)
                        wait = max(0.01, min(1.0, end - time.monotonic()))
                        connection.process_data_events(time_limit=wait)  # type: ignore[arg-type]  # stubs: int
                        if not channel.is_open:
                            raise AMQPConnectionError("the channel is closed")
                    tag, content = messages.pop(0)
                    piece = exchange.receive(content)
                    if piece is not None:
                        yield piece
                    if is_stream:
                        channel.basic_ack(tag)
                        end = time.monotonic() + request.timeout
            except PikaUnroutable:
                raise UnroutableError(request.queue) from None
            except (AMQPError, OSError) as error:
                if isinstance(error, DeadlineError):
                    self._cancel(channel, request, reply_to)
                    raise
                self._drop()
            except GeneratorExit:
                self._cancel(channel, request, reply_to)
                raise
            finally:
                self._close(channel)

    @staticmethod
    def _subscribe(channel: BlockingChannel, request: Request, is_stream: bool, messages: list[tuple[int, bytes]]) -> str:
        def receive(channel: Any, method: Any, properties: Any, body: bytes) -> None:
            if properties.correlation_id == request.correlation_id:
                messages.append((method.delivery_tag, body))

        channel.confirm_delivery()
        if not is_stream:
            channel.basic_consume(DIRECT_REPLY_TO, receive, auto_ack=True)
            return DIRECT_REPLY_TO
        # With acknowledgements, so that a slow reader slows the broker.
        queue = str(channel.queue_declare("", exclusive=True, auto_delete=True).method.queue)
        channel.basic_qos(prefetch_count=PREFETCH)
        channel.basic_consume(queue, receive)
        return queue

    @staticmethod
    def _publish(channel: BlockingChannel, request: Request, reply_to: str, end: float) -> None:
        left = end - time.monotonic()
        if left <= 0:
            raise DeadlineError(request.timeout)
        channel.basic_publish(
            "", request.queue, request.content, mandatory=True,
            properties=pika.BasicProperties(
                content_type=CONTENT_TYPE, correlation_id=request.correlation_id, reply_to=reply_to,
                message_id=request.message_id, priority=request.priority, expiration=str(max(1, int(left * 1000))),
                headers={"x-deadline": deadline_milliseconds(left)}))

    @staticmethod
    def _cancel(channel: BlockingChannel | None, request: Request, reply_to: str | None) -> None:
        """Best effort: a lost cancellation costs the service some work, and no requester loses a reply."""
        try:
            if channel is not None and channel.is_open:
                properties = pika.BasicProperties(content_type=CONTENT_TYPE, reply_to=reply_to)
                channel.basic_publish(CONTROL_EXCHANGE, "", request.cancellation, properties)
        except (AMQPError, OSError):
            pass

    @staticmethod
    def _close(channel: BlockingChannel | None) -> None:
        try:
            if channel is not None and channel.is_open:
                channel.close()
        except (AMQPError, OSError):
            pass

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None and connection.is_open:
                connection.close()
        except (AMQPError, OSError):
            pass

    def _connect(self) -> pika.BlockingConnection:
        if self._is_closed:
            raise DisconnectedError("closed")
        if self._connection is not None and self._connection.is_open:
            return self._connection
        end = time.monotonic() + self.reconnect_for
        attempt = 0
        while True:
            try:
                self._connection = pika.BlockingConnection(self._parameters)
                return self._connection
            except _REFUSED as error:
                raise DisconnectedError("refused") from error
            except (AMQPError, OSError) as error:
                pause = backoff(attempt)
                if time.monotonic() + pause > end:
                    raise DisconnectedError("unreachable") from error
            time.sleep(pause)
            attempt += 1
