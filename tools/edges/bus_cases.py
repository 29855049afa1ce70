"""Properties of messages, and the envelopes of frameworks."""
import json, time

from cases import equal, registry, within
from clients import ask, bus, error, timestamp

CASES, case = registry()


def deadline(w, value, text="Hi."):
    return ask(w.open.queue, {"text": text}, headers={"x-deadline": value})


def code(reply):
    return error(reply).get("code", reply["status"])


@case("dl-01")
def amqp_timestamp(w):
    """x-deadline as an AMQP timestamp is in seconds"""
    equal(code(deadline(w, timestamp(60))), "ok")
    equal(code(deadline(w, timestamp(-60))), "deadline_exceeded")


@case("dl-02")
def unix(w):
    """x-deadline in Unix seconds is understood; a number that is no time is refused with header, value and unit"""
    now = int(time.time())
    equal(code(deadline(w, now + 60)), "ok")
    equal(code(deadline(w, now - 60)), "deadline_exceeded")
    for value in (30000, -5):
        failure = error(deadline(w, value))
        equal(failure["code"], "invalid_request")
        for word in ("x-deadline", value, "milliseconds"):
            within(word, json.dumps(failure))


@case("dl-03")
def texts(w):
    """x-deadline in ISO 8601 is understood; other texts are spoken with a warning"""
    equal(code(deadline(w, "2060-01-01T00:00:00Z")), "ok")
    for past in ("2020-01-01T00:00:00Z", "2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00.123Z"):
        equal(code(deadline(w, past)), "deadline_exceeded", past)
    for value in (b"soon", "60s"):
        reply = deadline(w, value)
        equal(code(reply), "ok"), within("x-deadline", reply["warnings"])


@case("dl-04")
def milliseconds(w):
    """x-deadline in milliseconds as text or as a number"""
    now = int(time.time() * 1000)
    for value in (str(now + 60000), now + 60000):
        equal(code(deadline(w, value)), "ok")
    for value in (str(now - 60000), now - 60000):
        equal(code(deadline(w, value)), "deadline_exceeded")


@case("fw-01")
def nest(w):
    """NestJS's envelope is answered in its own"""
    reply = ask(w.open.queue, {"pattern": "synthesize", "data": {"text": "Hi."}, "id": "abc"})
    equal((reply["id"], reply["isDisposed"], reply["response"]["status"]), ("abc", True, "ok"))
    reply = ask(w.open.queue, {"pattern": {"cmd": "tts"}, "data": {"text": "Hi.", "speaker_id": "nobody"}, "id": "abc"})
    equal((reply["id"], reply["isDisposed"], reply["err"]["code"]), ("abc", True, "unknown_speaker"))
    assert "response" not in reply
    reply = ask("tts.voices.list", {"pattern": "voices", "data": {}, "id": "v"})
    equal((reply["id"], reply["response"]["status"]), ("v", "ok"))
    reply = ask("tts.voices.register", {"pattern": "add", "data": {"display_name": "x"}, "id": "r"})
    equal(reply["err"]["field"], "speaker_wav_base64")


@case("fw-03")
def other_envelopes(w):
    """the message names the envelope of MassTransit, Celery or CloudEvents, or it is understood"""
    for body, name in (
        ('{"messageId":"1","messageType":["urn:message:Tts"],"message":{"text":"Hi."}}', "MassTransit"),
        ('[[],{"text":"Hi."},{"callbacks":null}]', "Celery"),
        ('{"specversion":"1.0","type":"tts","data":{"text":"Hi."}}', "CloudEvents"),
    ):
        reply = ask(w.open.queue, body)
        assert reply.get("status") == "ok" or name in error(reply)["message"], f"{name}: {reply}"


@case("fw-04")
def spring(w):
    """Spring's reply address, exchange/routing-key, is understood"""
    def bound(channel, own):
        channel.exchange_declare("edges.replies", "direct", auto_delete=True)
        channel.queue_bind(own, "edges.replies", "rk/1")
        return "edges.replies/rk/1"
    equal(code(ask(w.open.queue, {"text": "Hi."}, reply_to=bound)), "ok")
    equal(code(ask(w.open.queue, {"text": "Hi."}, reply_to=lambda _, own: f"/{own}")), "ok")


@case("id-01")
def key(w):
    """a message_id that was used for another text is named message_id"""
    ask(w.open.queue, {"text": "One."}, message_id="m1")
    failure = error(ask(w.open.queue, {"text": "Two."}, message_id="m1"))
    equal(failure["code"], "invalid_request"), within("message_id", json.dumps(failure))


@case("id-02")
def two_users(w):
    """a key belongs to its user"""
    replies = [
        ask(w.open.queue, {"text": f"For {name}.", "user_id": name}, message_id="order-2") for name in ("anna", "ben")]
    equal([r["status"] for r in replies], ["ok", "ok"])
    assert replies[0]["sha256"] != replies[1]["sha256"]


@case("vo-06")
def instructions(w):
    """instructions do not change the reply"""
    equal(code(ask(w.open.queue, {"text": "Hi.", "instructions": "cheerful"})), "ok")
