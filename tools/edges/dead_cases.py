"""Requesters that left, requests that expired, cancels: dead letters, and requests that are only counted."""
import json, time

import pika

from cases import equal, registry, within
from clients import AMQP, ask, metric, parsed, publish, send
from cli_cases import Run

CASES, case = registry()
DEAD, SKIPPED = "speechbus_dead_letters_total", "speechbus_skipped_total"


def letters():
    return [json.loads(line) for line in Run("dead", "list", "--json", timeout=120).output.splitlines()]


@case("de-01")
def left(w):
    """60 requesters that left are counted and are no dead letters, for both kinds of reply queue"""
    before, listed = [metric(w.open.url, name) for name in (DEAD, SKIPPED)], len(letters())
    for direct in (True, False):
        connection = pika.BlockingConnection(pika.URLParameters(AMQP))
        channel = connection.channel()
        own = "amq.rabbitmq.reply-to" if direct else channel.queue_declare("", exclusive=True).method.queue
        channel.basic_consume(own, lambda *_: None, auto_ack=True)
        for number in range(60):
            text = f"This client does not wait for answer {number}, as at each deployment of a backend."
            channel.basic_publish(
                "", w.open.queue, json.dumps({"text": text}),
                pika.BasicProperties(reply_to=own, correlation_id=f"left-{number}"))
        connection.close()
    equal(ask(w.open.queue, {"text": "Someone who waits."}, 120)["status"], "ok")
    end = time.time() + 60
    while metric(w.open.url, SKIPPED) < before[1] + 60 and time.time() < end:
        time.sleep(0.5)
    assert metric(w.open.url, SKIPPED) >= before[1] + 60, f"skipped {metric(w.open.url, SKIPPED) - before[1]}"
    equal(metric(w.open.url, DEAD), before[0], "dead letters:")
    equal(len(letters()), listed, "listed:")


@case("de-08")
def cut(w):
    """a dead letter whose body was too large says so, and requeue leaves it"""
    publish("", w.open.queue, b" " * 17_000_000, correlation_id="too-large")
    end = time.time() + 30
    while not (found := [l for l in letters() if l.get("correlation_id") == "too-large"]) and time.time() < end:
        time.sleep(0.5)
    equal(len(found), 1)
    equal((found[0]["body_is_whole"], found[0]["bytes"]), (False, 17_000_000))
    within("17000000 bytes", found[0]["error_message"])
    within("0 sent back", Run("dead", "requeue", "--correlation-id", "too-large").output.decode())
    equal(len([l for l in letters() if l.get("correlation_id") == "too-large"]), 1)
    equal(Run("dead", "drop", "--correlation-id", "too-large").status, 0)


@case("dl-05")
def expired(w):
    """a request that expires while no worker runs is answered deadline_exceeded and is no dead letter"""
    first = w.service("expiry")
    first.stop()
    listed = len(letters())
    connection = pika.BlockingConnection(pika.URLParameters(AMQP))
    channel, replies = connection.channel(), []
    own = channel.queue_declare("", exclusive=True).method.queue
    channel.basic_consume(own, lambda *parts: replies.append(json.loads(parts[3])), auto_ack=True)
    channel.basic_publish(
        "", first.queue, b'{"text":"Hi."}', pika.BasicProperties(reply_to=own, correlation_id="e1", expiration="1000"))
    connection.process_data_events(2)
    second = w.service("expiry-again", SPEECHBUS_QUEUE=first.queue)
    end = time.time() + 60
    while not replies and time.time() < end:
        connection.process_data_events(0.2)
    connection.close()
    equal([reply["error"]["code"] for reply in replies], ["deadline_exceeded"])
    equal((len(letters()), metric(second.url, DEAD)), (listed, 0))


@case("id-05")
def cancels(w):
    """a cancel of an answered request, of another client, or among 5,000 made-up ones hits no other request"""
    def cancel(*names):
        publish("tts.control", "", *(json.dumps({"cancel": name}) for name in names))
    equal(ask(w.open.queue, {"text": "First."}, correlation="held1")["status"], "ok")
    cancel("held1")
    equal(ask(w.open.queue, {"text": "Of another client."}, correlation="held1")["status"], "ok")
    cancel(*(f"made-up-{number}" for number in range(5000)))
    equal(ask(w.open.queue, {"text": "Afterwards."}, correlation="made-up-17")["status"], "ok")


@case("hx-09")
def outermost(w):
    """the user is the member of the outermost object"""
    body = '{"a":{"user_id":"spoof-inner"},"text":"Hi.","user_id":"spoof-outer"}'
    equal(ask(w.open.queue, body)["status"], "ok")
    rows = lambda user: parsed(send(w.open.url, f"/api/v1/tts/usage?user_id={user}"))
    within("spoof-outer", json.dumps(rows("spoof-outer")))
    assert "spoof-inner" not in json.dumps(rows("spoof-inner")), rows("spoof-inner")
