"""Speech over RabbitMQ with pika, one request at a time: the simplest client.

    python speechbus_pika.py "Hello from Python." hello.wav
"""

import base64
import hashlib
import json
import os
import sys
import time
import uuid

import pika

DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"


class SpeechError(Exception):
    """The service's error reply; `retryable` says whether the same request can succeed later."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.code, self.field, self.retryable = error["code"], error.get("field"), error["retryable"]


class SpeechClient:
    """Holds one connection; `with SpeechClient(url) as client: client.synthesize(text="Hello.")`."""

    def __init__(self, url, queue="tts.synthesize", timeout=120.0):
        self.queue, self.timeout = queue, timeout
        self.connection = pika.BlockingConnection(pika.URLParameters(url))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def synthesize(self, *, message_id=None, timeout=None, **request):
        """Speaks a text; returns the reply with the bytes in `audio`.

        `message_id` is the idempotency key: repeat it after a failure, and the text is not spoken twice.
        """
        pieces = self._exchange(request, message_id, timeout)
        reply = next(pieces)
        audio = base64.b64decode(reply.pop("audio_base64")) if "audio_base64" in reply else None
        if audio is not None and hashlib.sha256(audio).hexdigest() != reply["sha256"]:
            raise ValueError("the audio does not match its sha256")
        return {**reply, "audio": audio}

    def stream(self, *, message_id=None, timeout=None, **request):
        """Speaks a text piece by piece: yields the bytes as they arrive. Leaving the loop cancels the rest."""
        expected, digest = 0, hashlib.sha256()
        for message in self._exchange({**request, "stream": True}, message_id, timeout):
            if "status" in message:
                if digest.hexdigest() != message["sha256"]:
                    raise ValueError("the audio does not match its sha256")
                return
            if message["sequence"] < expected:
                continue  # A redelivery repeats the piece, with the same bytes.
            if message["sequence"] > expected:
                raise ValueError(f"piece {expected} of the speech is missing")
            expected += 1
            audio = base64.b64decode(message["audio_base64"])
            digest.update(audio)
            yield audio

    def _exchange(self, request, message_id, timeout):
        """Publishes a request and yields the messages of its reply, the last one included."""
        timeout = timeout or self.timeout
        deadline = time.monotonic() + timeout
        correlation_id = uuid.uuid4().hex
        messages = []

        def receive(channel, method, properties, body):
            if properties.correlation_id == correlation_id:
                messages.append(json.loads(body))

        with self.connection.channel() as channel:
            channel.basic_consume(DIRECT_REPLY_TO, receive, auto_ack=True)
            channel.confirm_delivery()  # A missing queue is then an UnroutableError.
            channel.basic_publish(
                "", self.queue, json.dumps(request).encode(), mandatory=True,
                properties=pika.BasicProperties(
                    content_type="application/json", correlation_id=correlation_id, reply_to=DIRECT_REPLY_TO,
                    message_id=message_id or uuid.uuid4().hex, expiration=str(int(timeout * 1000)),
                    headers={"x-deadline": int((time.time() + timeout) * 1000)}))
            is_over = False
            try:
                while not is_over:
                    if not messages:
                        if time.monotonic() > deadline:
                            raise TimeoutError(f"no answer within {timeout} s")
                        self.connection.process_data_events(time_limit=min(1.0, max(0.01, deadline - time.monotonic())))
                        continue
                    message = messages.pop(0)
                    is_over = "status" in message
                    if message.get("status") == "error":
                        raise SpeechError(message["error"])
                    yield message
            finally:
                if not is_over:
                    channel.basic_publish("tts.control", "", json.dumps({"cancel": correlation_id}).encode())


def main():
    text, path = (sys.argv[1:] + ["Hello from Python.", "hello.wav"][len(sys.argv) - 1:])[:2]
    with SpeechClient(os.environ.get("SPEECHBUS_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")) as client:
        reply = client.synthesize(text=text)
    with open(path, "wb") as file:
        file.write(reply["audio"])
    print(f"{path}: {reply['duration_seconds']:.2f} s, real-time factor {reply['timings']['real_time_factor']:.2f}")


if __name__ == "__main__":
    main()
