"""Requests speech over AMQP 1.0 from the service on BUS_URL; tools/check-clients runs it. It prints one line.

Needs RabbitMQ's plug-in rabbitmq_amqp1_0 and Debian's python3-qpid-proton.
"""

import base64
import hashlib
import json
import os
import uuid

from proton import Message, Terminus
from proton.reactor import ReceiverOption
from proton.utils import BlockingConnection


class Durable(ReceiverOption):
    """The plug-in declares the queue of such a receiver as durable. It can't declare one that ends with the connection."""

    def apply(self, receiver):
        receiver.source.durability = Terminus.DELIVERIES


connection = BlockingConnection(os.environ["BUS_URL"], timeout=60, allowed_mechs="PLAIN ANONYMOUS")
address = "amqp10.replies"
replies = connection.create_receiver(f"/queue/{address}", options=Durable())
number = str(uuid.uuid4())
requests = connection.create_sender("/amq/queue/tts.synthesize")
# `inferred`: the body is binary data, which consumers of AMQP 0.9.1 get as it is.
requests.send(Message(
    json.dumps({"text": "Hello over AMQP 1.0."}).encode(), inferred=True, content_type="application/json",
    reply_to=address, correlation_id=number, id=number))
while (message := replies.receive(timeout=60)).correlation_id != number:
    replies.accept()  # the reply to an earlier run
replies.accept()
connection.close()
reply = json.loads(bytes(message.body))
assert reply["status"] == "ok", reply
audio = base64.b64decode(reply["audio_base64"])
assert hashlib.sha256(audio).hexdigest() == reply["sha256"], "the audio does not match its digest"
print(f"AMQP 1.0: answered ({len(audio)} bytes): passed")
