"""The asyncio client, over aio-pika."""

import asyncio
import time
from types import TracebackType
from typing import Any, AsyncGenerator, Awaitable, Callable

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, DeliveryError, ProbableAuthenticationError

from .errors import DeadlineError, DisconnectedError, UnroutableError
from .messages import (
    CONTENT_TYPE, CONTROL_EXCHANGE, PREFETCH, Exchange, Request, Speech, backoff, deadline_milliseconds, make_request,
    voice_body)

Connect = Callable[[], Awaitable[AbstractConnection]]
_LOST = (AMQPError, ConnectionError, RuntimeError, asyncio.InvalidStateError)


class AsyncSpeechClient:
    """Many requests at once over one connection; `async with AsyncSpeechClient(url) as client: …`.

    `source` is a URL, or a function that opens a connection of aio-pika. The client connects with the first request.
    Requests in flight survive a lost connection: they are published again under the same message ids. Cancelling the task
    cancels the request in the service. Times are in seconds.
    """

    def __init__(
        self, source: str | Connect, *, queue: str = "tts.synthesize", timeout: float = 120.0, reconnect_for: float = 30.0
    ) -> None:
        self._open: Connect = (lambda: aio_pika.connect(source)) if isinstance(source, str) else source
        self.queue, self.timeout, self.reconnect_for = queue, timeout, reconnect_for
        self._connection: AbstractConnection | None = None
        self._connecting = asyncio.Lock()
        self._is_closed = False

    async def __aenter__(self) -> "AsyncSpeechClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection; requests in flight fail."""
        self._is_closed = True
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed:
            await connection.close()

    async def synthesize(
        self, text: str, *, message_id: str | None = None, timeout: float | None = None, priority: int | None = None,
        **fields: Any,
    ) -> Speech:
        """Speaks a text. `fields` are the other fields of a request, such as `language` and `seed`."""
        body = {**fields, "text": text, "stream": False}
        return (await self._call(self.queue, body, message_id, timeout, priority)).speech

    async def stream(
        self, text: str, *, message_id: str | None = None, timeout: float | None = None, priority: int | None = None,
        **fields: Any,
    ) -> AsyncGenerator[bytes, None]:
        """Speaks a text piece by piece. Closing the iterator cancels the rest. `timeout` limits each wait for a piece."""
        request = make_request(
            self.queue, {**fields, "text": text, "stream": True}, self.timeout if timeout is None else timeout, message_id,
            priority)
        pieces = self._pieces(request, Exchange())
        try:
            async for piece in pieces:
                yield piece
        finally:
            await pieces.aclose()

    async def register_voice(
        self, recording: bytes | None = None, *, message_id: str | None = None, timeout: float | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Registers a voice from a recording; `voice_id` of the reply is its id.

        `fields` are the other fields of schemas/voice-register-request.schema.json, such as `display_name`.
        """
        return (await self._call("tts.voices.register", voice_body(recording, fields), message_id, timeout, None)).speech.reply

    async def configuration(self, *, timeout: float | None = None) -> dict[str, Any]:
        """The model, its languages and voices: schemas/config-reply.schema.json."""
        return (await self._call("tts.config", {}, None, timeout, None)).speech.reply

    async def voices(self, *, timeout: float | None = None) -> dict[str, Any]:
        return (await self._call("tts.voices.list", {}, None, timeout, None)).speech.reply

    async def delete_voice(self, voice_id: str, *, timeout: float | None = None) -> dict[str, Any]:
        return (await self._call("tts.voices.delete", {"voice_id": voice_id}, None, timeout, None)).speech.reply

    async def _call(
        self, queue: str, body: dict[str, Any], message_id: str | None, timeout: float | None, priority: int | None
    ) -> Exchange:
        exchange = Exchange()
        request = make_request(queue, body, self.timeout if timeout is None else timeout, message_id, priority)
        async for _ in self._pieces(request, exchange):
            pass
        return exchange

    async def _pieces(self, request: Request, exchange: Exchange) -> AsyncGenerator[bytes, None]:
        """Publishes the request, again after each lost connection, and yields the pieces."""
        is_stream = request.body.get("stream") is True
        end = time.monotonic() + request.timeout
        while exchange.result is None:
            if time.monotonic() > end:
                raise DeadlineError(request.timeout)
            connection = await self._connect()
            channel: AbstractChannel | None = None
            reply_to: str | None = None
            try:
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                messages: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()
                channel.close_callbacks.add(lambda *_: messages.put_nowait(None))
                await channel.set_qos(prefetch_count=PREFETCH)
                # An exclusive queue with acknowledgements, so that a slow reader slows the broker.
                replies = await channel.declare_queue(exclusive=True, auto_delete=True)
                reply_to = replies.name
                await replies.consume(messages.put)
                if is_stream:
                    end = time.monotonic() + request.timeout
                await self._publish(channel, request, reply_to, end)
                while exchange.result is None:
                    message = await self._next(messages, request, end)
                    if message is None:
                        raise ConnectionError("the channel is closed")
                    if message.correlation_id == request.correlation_id:
                        piece = exchange.receive(message.body)
                        if piece is not None:
                            yield piece
                    await message.ack()
                    if is_stream:
                        end = time.monotonic() + request.timeout
            except DeliveryError:
                raise UnroutableError(request.queue) from None
            except (asyncio.CancelledError, GeneratorExit, DeadlineError):
                await self._cancel(channel, request, reply_to)
                raise
            except _LOST:
                # The connection is gone, or only the channel: both are opened again.
                if exchange.result is None:
                    await asyncio.sleep(backoff(0))
            finally:
                await self._close(channel)

    @staticmethod
    async def _next(
        messages: "asyncio.Queue[AbstractIncomingMessage | None]", request: Request, end: float
    ) -> AbstractIncomingMessage | None:
        try:
            return await asyncio.wait_for(messages.get(), max(0.0, end - time.monotonic()))
        except TimeoutError:
            raise DeadlineError(request.timeout) from None

    @staticmethod
    async def _publish(channel: AbstractChannel, request: Request, reply_to: str, end: float) -> None:
        left = end - time.monotonic()
        if left <= 0:
            raise DeadlineError(request.timeout)
        message = aio_pika.Message(
            request.content, content_type=CONTENT_TYPE, correlation_id=request.correlation_id, reply_to=reply_to,
            message_id=request.message_id, priority=request.priority, expiration=left,
            headers={"x-deadline": deadline_milliseconds(left)})
        await channel.default_exchange.publish(message, routing_key=request.queue, mandatory=True)

    @staticmethod
    async def _cancel(channel: AbstractChannel | None, request: Request, reply_to: str | None) -> None:
        """Best effort: a lost cancellation costs the service some work, and no requester loses a reply."""
        try:
            if channel is not None and not channel.is_closed:
                control = await channel.get_exchange(CONTROL_EXCHANGE, ensure=False)
                message = aio_pika.Message(request.cancellation, content_type=CONTENT_TYPE, reply_to=reply_to)
                await control.publish(message, routing_key="")
        except _LOST:
            pass

    @staticmethod
    async def _close(channel: AbstractChannel | None) -> None:
        try:
            if channel is not None and not channel.is_closed:
                await channel.close()
        except _LOST:
            pass

    def _forget(self, connection: AbstractConnection | None, error: BaseException | None = None) -> None:
        """A connection that the broker ended is not `is_closed` for aio-pika."""
        if connection is None or connection is self._connection:
            self._connection = None

    async def _connect(self) -> AbstractConnection:
        async with self._connecting:
            end = time.monotonic() + self.reconnect_for
            attempt = 0
            while True:
                if self._is_closed:
                    raise DisconnectedError("closed")
                if self._connection is not None and not self._connection.is_closed:
                    return self._connection
                try:
                    self._connection = await self._open()
                    self._connection.close_callbacks.add(self._forget)
                    continue
                except ProbableAuthenticationError as error:
                    raise DisconnectedError("refused") from error
                except _LOST as error:
                    if "NOT_ALLOWED" in str(error) or "ACCESS_REFUSED" in str(error):
                        raise DisconnectedError("refused") from error
                    pause = backoff(attempt)
                    if time.monotonic() + pause > end:
                        raise DisconnectedError("unreachable") from error
                await asyncio.sleep(pause)
                attempt += 1
