"""Speech over RabbitMQ with aio-pika: many concurrent requests over one connection that reconnects.

    python speechbus_asyncio.py "One sentence." "Another one."
"""

import asyncio
import base64
import json
import os
import sys
import time
import uuid

import aio_pika

from speechbus_pika import SpeechError


class SpeechClient:
    """`async with SpeechClient(url) as client: await client.synthesize(text="Hello.")`."""

    def __init__(self, url, queue="tts.synthesize", timeout=120.0):
        self.url, self.queue, self.timeout = url, queue, timeout
        self.replies = {}

    async def __aenter__(self):
        # Reconnects and declares its reply queue again. Requests in flight then time out and can be repeated with
        # the same message_id.
        self.connection = await aio_pika.connect_robust(self.url)
        self.channel = await self.connection.channel(publisher_confirms=True)
        self.reply_queue = await self.channel.declare_queue(exclusive=True, auto_delete=True)
        await self.reply_queue.consume(self._receive, no_ack=True)
        return self

    async def __aexit__(self, *_):
        await self.connection.close()

    async def synthesize(self, *, message_id=None, timeout=None, **request):
        """Speaks a text; returns the reply with the bytes in `audio`. Cancelling the task cancels the request."""
        async for message in self._exchange(request, message_id, timeout):
            return {**message, "audio": base64.b64decode(message["audio_base64"]) if "audio_base64" in message else None}

    async def stream(self, *, message_id=None, timeout=None, **request):
        """Yields the bytes as they arrive."""
        expected = 0
        async for message in self._exchange({**request, "stream": True}, message_id, timeout):
            if message.get("sequence") == expected and "audio_base64" in message:
                expected += 1
                yield base64.b64decode(message["audio_base64"])

    async def _receive(self, message):
        queue = self.replies.get(message.correlation_id)
        if queue is not None:
            queue.put_nowait(json.loads(message.body))

    async def _exchange(self, request, message_id, timeout):
        timeout = timeout or self.timeout
        correlation_id = uuid.uuid4().hex
        queue = self.replies[correlation_id] = asyncio.Queue()
        is_over = False
        try:
            async with asyncio.timeout(timeout):
                await self.channel.default_exchange.publish(
                    aio_pika.Message(
                        json.dumps(request).encode(), content_type="application/json", correlation_id=correlation_id,
                        reply_to=self.reply_queue.name, message_id=message_id or uuid.uuid4().hex, expiration=timeout,
                        headers={"x-deadline": int((time.time() + timeout) * 1000)}),
                    routing_key=self.queue)
                while not is_over:
                    message = await queue.get()
                    is_over = "status" in message
                    if message.get("status") == "error":
                        raise SpeechError(message["error"])
                    yield message
        finally:
            del self.replies[correlation_id]
            if not is_over:
                control = await self.channel.get_exchange("tts.control", ensure=False)
                await control.publish(aio_pika.Message(json.dumps({"cancel": correlation_id}).encode()), routing_key="")


async def main():
    texts = sys.argv[1:] or ["Hello from Python.", "Two requests share one connection."]
    async with SpeechClient(os.environ.get("SPEECHBUS_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")) as client:
        for number, reply in enumerate(await asyncio.gather(*(client.synthesize(text=text) for text in texts))):
            with open(f"speech-{number}.wav", "wb") as file:
                file.write(reply["audio"])
            print(f"speech-{number}.wav: {reply['duration_seconds']:.2f} s")


if __name__ == "__main__":
    asyncio.run(main())
