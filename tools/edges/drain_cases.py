"""The end of a service: requests under way are finished, on every transport."""
import concurrent.futures, json, signal, time

from cases import equal, registry, within
from clients import bus, error, send

CASES, case = registry()
LONG = "This is a long text. " * 60
SAY, SPEECH = "/api/v1/tts/synthesize", "/v1/audio/speech"
SETTINGS = {"SPEECHBUS_DRAIN_SECONDS": "240", "SPEECHBUS_SLOTS": "16"}


def ended(service):
    """The exit code of a service that received a signal to stop."""
    return service.process.wait(300)


def drained(w, name, bus_requests):
    """Ends a service while it speaks over HTTP and on the bus. Every answer is whole and the exit code is 0."""
    service = w.service(name, **SETTINGS)
    bodies = [(SPEECH, {"input": LONG, "voice": "alloy", "response_format": f}) for f in ("opus", "mp3", "pcm")]
    bodies += [(SAY, {"text": LONG}), (SPEECH, {"input": LONG, "voice": "alloy", "stream_format": "sse"})]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(send, service.url, path, body, timeout=280) for path, body in bodies]
        replies = [pool.submit(bus, service.queue, {"text": LONG}, 280) for _ in range(bus_requests)]
        time.sleep(1)
        service.process.send_signal(signal.SIGTERM)
        for answer, (_, body) in zip(answers, bodies):
            answer = answer.result()
            equal(answer.status, 200, str(answer.body[:200]))
            if "text" in body:
                equal(json.loads(answer.body)["status"], "ok")
            if body.get("stream_format"):
                within("speech.audio.done", answer.body.decode())
        for reply in replies:
            equal(reply.result()[0]["status"], "ok")
    equal(ended(service), 0)
    equal([line for line in service.lines() if '"level":"error"' in line], [])


@case("dr-01")
def http(w):
    """SIGTERM: running HTTP requests and streams are finished, exit code 0"""
    drained(w, "drain-http", 0)


@case("dr-02")
def both(w):
    """SIGTERM: HTTP and bus requests are finished"""
    drained(w, "drain-both", 8)


@case("dr-03")
def late(w):
    """SIGTERM: readiness ends at once, the port answers, a late request is spoken or 503 with Retry-After"""
    service = w.service("drain-late", SPEECHBUS_DRAIN_LISTEN_SECONDS="2", **SETTINGS)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = pool.submit(send, service.url, SAY, {"text": LONG * 2}, timeout=280)
        time.sleep(1)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        equal(send(service.url, "/health/ready").status, 503)
        equal(send(service.url, "/health/live").status, 200)
        early = send(service.url, SPEECH, {"input": "Late.", "voice": "alloy"})
        equal(early.status, 200)
        time.sleep(2)
        if not running.done():
            answer = send(service.url, SPEECH, {"input": "Later.", "voice": "alloy"})
            equal((answer.status, error(answer)["retryable"]), (503, True))
            assert int(answer.headers["retry-after"]) > 0
        equal(running.result().status, 200)
    equal(ended(service), 0)


@case("dr-04")
def twice(w):
    """two signals within a second count as one"""
    service = w.service("drain-twice", **SETTINGS)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(send, service.url, SAY, {"text": LONG}, timeout=280)
        time.sleep(1)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        service.process.send_signal(signal.SIGTERM)
        equal(running.result().status, 200)
    equal(ended(service), 0)
