"""A service for the checks, with its own folder and queue."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
import uuid

import pika

AMQP, BIN, RUN = os.environ["AMQP_URL"], os.environ["SPEECHBUS_BIN"], os.environ["STACK_RUN"]


def eventually(what, probe, seconds=90):
    end = time.time() + seconds
    while time.time() < end:
        if found := probe():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


class Service:
    def __init__(self, name, waits=True, **settings):
        self.folder, self.queue = os.path.join(RUN, name), "tts.synthesize"
        os.makedirs(self.folder, exist_ok=True)
        values = {
            key: text for key, text in os.environ.items()
            if not key.startswith(("SPEECHBUS_", "XTTS_", "OTEL_", "HF_")) and key != "PORT"}
        values.update({
            "XTTS_MODEL_DIR": os.environ["STACK_MODEL"], "SPEECHBUS_AMQP_URL": AMQP, "SPEECHBUS_HTTP_PORT": "0",
            "SPEECHBUS_LOG_FORMAT": "json", "SPEECHBUS_DRAIN_LISTEN_SECONDS": "0", "SPEECHBUS_SLOTS": "2",
            "SPEECHBUS_KEY_FILE": os.path.join(RUN, "replicas.key"), **settings})
        self.log = os.path.join(self.folder, "serve.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([BIN, "serve"], cwd=self.folder, env=values, stderr=log, stdout=log)
        self.port = eventually("listening", lambda: self.alive() and next(
            (line["port"] for line in self.lines() if line.get("event") == "listening"), None))
        self.url = f"http://127.0.0.1:{self.port}"
        if waits:
            self.wait()

    def alive(self):
        assert self.process.poll() is None, f"the service ended: {open(self.log).read()[-2000:]}"
        return True

    def wait(self):
        eventually("ready", lambda: self.alive() and self.get("/health/ready")[0] == 200, 240)
        eventually("the line ready", lambda: any(line.get("event") == "ready" for line in self.lines()))

    def lines(self):
        return [json.loads(line) for line in open(self.log).read().splitlines() if line.startswith("{")]

    def get(self, path):
        return self.send(urllib.request.Request(self.url + path))

    def post(self, body, path="/api/v1/tts/synthesize", **headers):
        return self.send(urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}))

    def send(self, request):
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def ask(self, body, url=AMQP, queue=None, **headers):
        """One request over the bus; returns the reply's headers and body."""
        connection = pika.BlockingConnection(pika.URLParameters(url))
        channel, replies = connection.channel(), []
        channel.basic_consume("amq.rabbitmq.reply-to", lambda *reply: replies.append(reply[2:]), auto_ack=True)
        channel.basic_publish("", queue or self.queue, json.dumps(body).encode(), pika.BasicProperties(
            reply_to="amq.rabbitmq.reply-to", correlation_id=uuid.uuid4().hex, message_id=uuid.uuid4().hex,
            headers=headers))
        end = time.time() + 120
        while not replies and time.time() < end:
            connection.process_data_events(1)
        connection.close()
        assert replies, "no reply"
        return replies[0][0].headers or {}, json.loads(replies[0][1])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        return self.process.returncode
