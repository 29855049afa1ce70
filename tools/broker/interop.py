"""Requests speech from a running service with pika, as a Python client does: `interop.py URL [QUEUE]`.

Sends one request over direct reply-to, one over its own queue, and a streamed one. Exits 1 and prints the reason if a
reply is wrong.
Needs `pip install pika`.
"""

import base64
import hashlib
import json
import sys
import time
import uuid

import pika


def request(connection, queue, body, reply_to=None, seconds=60):
    """Publishes one request; returns the messages of its reply as (properties, body) pairs."""
    channel = connection.channel()
    if reply_to is None:
        reply_to = channel.queue_declare("", exclusive=True).method.queue
    correlation_id = str(uuid.uuid4())
    messages = []

    def receive(channel, method, properties, body):
        if properties.correlation_id == correlation_id:
            messages.append((properties, json.loads(body)))

    channel.basic_consume(reply_to, receive, auto_ack=True)
    channel.basic_publish(
        "", queue, json.dumps(body).encode(),
        pika.BasicProperties(reply_to=reply_to, correlation_id=correlation_id, content_type="application/json"))

    def is_complete():
        if not messages:
            return False
        headers = messages[-1][0].headers or {}
        return "x-tts-sequence" not in headers or headers.get("x-tts-final") is True

    deadline = time.monotonic() + seconds
    while not is_complete():
        if time.monotonic() > deadline:
            raise SystemExit("no whole reply within %d s" % seconds)
        connection.process_data_events(time_limit=1)
    channel.close()
    return messages


def main():
    url = sys.argv[1]
    queue = sys.argv[2] if len(sys.argv) > 2 else "tts.synthesize"
    connection = pika.BlockingConnection(pika.URLParameters(url))
    for name, reply_to in (("direct reply-to", "amq.rabbitmq.reply-to"), ("own queue", None)):
        (_, reply), = request(connection, queue, {"text": "Hello from Python."}, reply_to)
        audio = base64.b64decode(reply["audio_base64"])
        assert reply["status"] == "ok" and hashlib.sha256(audio).hexdigest() == reply["sha256"], reply
        print(name, len(audio), "bytes", reply["sha256"][:12])

    messages = request(connection, queue, {"text": "Hello from Python.", "stream": True})
    sequences = [properties.headers["x-tts-sequence"] for properties, _ in messages]
    assert sequences == list(range(len(messages))), sequences
    audio = b"".join(base64.b64decode(body["audio_base64"]) for _, body in messages[:-1])
    assert hashlib.sha256(audio).hexdigest() == messages[-1][1]["sha256"], "the pieces are not the whole"
    print("streamed", len(messages) - 1, "pieces", len(audio), "bytes")

    (_, reply), = request(connection, queue, {"text": ""})
    assert reply["error"]["code"] == "text_empty", reply
    print("error reply", reply["error"]["code"])
    connection.close()


main()
