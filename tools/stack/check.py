"""The parts of `tools/check-stack`."""

import datetime
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import time

import monitoring
from receiver import Receiver
from service import BIN, RUN, Service, eventually

ROOT = pathlib.Path(__file__).parents[2]
SENTENCE = "The first sentence is short. The second one is a little longer, so that it takes more than one step."
PARTS = ["wait", "prefill", "decode", "vocode", "encode"]
failures = 0


def part(name, action):
    global failures
    try:
        note = action()
        print(f"ok       {name}" + (f": {note}" if note else ""), flush=True)
    except Exception as error:  # Each part reports its own.
        failures += 1
        print(f"FAILED   {name}: {type(error).__name__}: {error}", flush=True)


def not_run(name, reason):
    print(f"not run  {name}: {reason}", flush=True)


def traceparent():
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def whole(receiver, trace, root):
    """The spans of a trace once its root has arrived: it ends last."""
    eventually(f"the span {root}", lambda: any(span["name"] == root for span in receiver.of(trace)))
    assert not receiver.problems, receiver.problems
    return receiver.of(trace)


def check_tree(spans, root, parent, parts):
    top, = [span for span in spans if span["name"] == root]
    assert top["parent"] == parent, f"{root} is a child of {top['parent']}"
    missing = set(parts) - {span["name"] for span in spans}
    assert not missing, f"missing spans: {missing}"
    for span in spans:
        if span is not top:
            assert span["parent"] == top["id"], f"{span['name']} is not a child of {root}"
            assert top["start"] - 2_000_000 <= span["start"] and span["end"] <= top["end"] + 2_000_000, span["name"]
    assert all(span["resource"]["service.name"] == "tts" for span in spans)
    assert all(span["resource"]["deployment.environment"] == "a b" for span in spans)
    by_name = {}
    for span in spans:
        by_name.setdefault(span["name"], span)
    return top, by_name


def traces(receiver, service):
    def bus():
        header = traceparent()
        headers, reply = service.ask({"text": SENTENCE, "pause_sentence_seconds": 0.1}, traceparent=header)
        assert reply["status"] == "ok" and len(reply["segments"]) == 2, reply
        trace, parent = header.split("-")[1:3]
        spans = whole(receiver, trace, "consume tts.synthesize")
        top, parts = check_tree(spans, "consume tts.synthesize", parent, PARTS + ["publish"])
        assert (top["kind"], parts["publish"]["kind"], parts["wait"]["kind"]) == ("consumer", "producer", "internal")
        assert top["attributes"]["messaging.system"] == "rabbitmq", top["attributes"]
        assert top["attributes"]["messaging.destination.name"] == "tts.synthesize"
        assert top["attributes"]["speechbus.request_id"] == reply["request_id"]
        assert headers["traceparent"].split("-")[1:3] == [trace, top["id"]], headers
        numbers = sorted(span["attributes"]["speechbus.segment"] for span in spans if span["name"] == "vocode")
        assert numbers == [1, 2], numbers
        assert parts["wait"]["end"] <= parts["decode"]["start"] + 1_000_000
        assert sum(span["attributes"].get("speechbus.codes", 0) for span in spans) == sum(
            segment["codes"] for segment in reply["segments"])
        return f"{len(spans)} spans, {len(reply['segments'])} segments"

    def http():
        header = traceparent()
        status, _ = service.post({"text": SENTENCE}, traceparent=header)
        assert status == 200, status
        trace, parent = header.split("-")[1:3]
        root = "POST /api/v1/tts/synthesize"
        top, _ = check_tree(whole(receiver, trace, root), root, parent, PARTS)
        assert top["kind"] == "server" and top["attributes"]["http.response.status_code"] == 200, top

    def stream():
        header = traceparent()
        status, audio = service.post({"text": SENTENCE, "stream": True, "format": "pcm"}, traceparent=header)
        assert status == 200 and len(audio) > 24_000, status
        root = "POST /api/v1/tts/synthesize"
        check_tree(whole(receiver, header.split("-")[1], root), root, header.split("-")[2], PARTS)

    def without_parent():
        before = {span["trace"] for span in receiver.spans}
        service.ask({"text": "Hi."})
        eventually("a new trace", lambda: [
            span for span in receiver.spans
            if span["trace"] not in before and span["name"] == "consume tts.synthesize" and span["parent"] is None])

    def error():
        header = traceparent()
        _, reply = service.ask({"text": "Hi.", "speaker_id": "no such voice"}, traceparent=header)
        assert reply["error"]["code"] == "unknown_speaker", reply
        top, = [
            span for span in whole(receiver, header.split("-")[1], "consume tts.synthesize") if "consume" in span["name"]]
        assert top["failed"] and top["attributes"]["error.type"] == "unknown_speaker", top

    def administration():
        header = traceparent()
        _, reply = service.ask({"voice_id": "0" * 32}, queue="tts.voices.delete", traceparent=header)
        assert reply["status"] == "error", reply
        top, _ = check_tree(
            whole(receiver, header.split("-")[1], "consume tts.voices.delete"), "consume tts.voices.delete",
            header.split("-")[2], ["publish"])
        assert top["failed"] and top["attributes"]["error.type"] == reply["error"]["code"], top

    def unsampled():
        header = traceparent()[:-1] + "0"
        headers, _ = service.ask({"text": "Hi."}, traceparent=header)
        assert headers["traceparent"] == header, headers
        last = traceparent()
        service.ask({"text": "Hi."}, traceparent=last)
        whole(receiver, last.split("-")[1], "consume tts.synthesize")
        assert not receiver.of(header.split("-")[1])

    def headers():
        assert receiver.headers.get("authorization") == "Bearer a b", receiver.headers

    part("traces: a bus request, decoded by an independent OTLP receiver", bus)
    part("traces: an HTTP request", http)
    part("traces: a streamed HTTP request", stream)
    part("traces: a request without a traceparent starts a trace", without_parent)
    part("traces: an error is in the span", error)
    part("traces: a request to an administration queue", administration)
    part("traces: the requester's decision not to sample is followed", unsampled)
    part("traces: OTEL_EXPORTER_OTLP_HEADERS", headers)


def logs(service):
    lines = service.lines()

    def form():
        for line in lines:
            instant = datetime.datetime.fromisoformat(line["time"])
            assert instant.tzinfo is not None, line["time"]
        answered = [line for line in lines if line["message"] == "answered"]
        assert answered and all(isinstance(line["seconds"], float) for line in answered), answered
        assert all(isinstance(line["attempt"], int) for line in answered)
        return f"{len(lines)} lines"

    def ids():
        answered = [line for line in lines if line["message"].startswith("answered")]
        assert all(len(line["trace_id"]) == 32 and len(line["span_id"]) == 16 for line in answered), answered

    def events():
        named = [line["event"] for line in lines if "event" in line]
        for event in ("listening", "ready"):
            assert named.count(event) == 1, named
        connections = [line["connection"] for line in lines if line["message"] == "connected to the broker"]
        assert len(connections) == len(set(connections)), connections
        order = [line.get("connection", line.get("event")) for line in lines]
        for connection in ("speechbus consuming", "speechbus publishing"):
            assert order.index(connection) < order.index("ready"), order
        listening = next(line for line in lines if line.get("event") == "listening")
        assert listening["page"] == f"http://127.0.0.1:{service.port}/", listening
        return ", ".join(named)

    part("logs: times have a zone, and numbers are numbers", form)
    part("logs: trace ids in the lines of requests", ids)
    part("logs: each start event once and named, ready after the broker", events)


def flush(receiver, service):
    header = traceparent()
    service.ask({"text": "Hi."}, traceparent=header)
    code = service.stop()
    assert code == 0, code
    assert any(span["name"] == "consume tts.synthesize" for span in receiver.of(header.split("-")[1])), "it is missing"


def lost_receiver():
    """A receiver that refuses or is gone costs spans, not requests."""
    receiver = Receiver()
    receiver.status = 400
    service = Service("lost", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    try:
        began = time.time()
        for _ in range(3):
            assert service.ask({"text": "Hi."})[1]["status"] == "ok"
        eventually("dropped spans", lambda: monitoring.samples(service)["speechbus_spans_dropped_total"] >= 18)
        warnings = [line for line in service.lines() if line["message"] == "traces are not exported"]
        assert len(warnings) == 1, warnings
        return f"three requests in {time.time() - began:.1f} s"
    finally:
        service.stop()


def disabled():
    receiver = Receiver()
    service = Service("disabled", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_SDK_DISABLED="true")
    try:
        header = traceparent()
        headers, _ = service.ask({"text": "Hi."}, traceparent=header)
        assert headers["traceparent"] == header, headers
        answered = next(line for line in service.lines() if line["message"] == "answered")
        assert answered["trace_id"] == header.split("-")[1], answered
    finally:
        service.stop()
    assert receiver.requests == 0


def accounts():
    """The accounts of deploy/rabbitmq, with passwords, suffice for a service and for a client."""
    tools, broker = ROOT / "tools/broker/ctl", pathlib.Path(RUN).parent / "broker"

    def control(*command):
        subprocess.run([tools, broker, *command], check=True, capture_output=True)

    control("import_definitions", str(ROOT / "deploy/rabbitmq/definitions.json"))
    for account in ("speechbus", "speechbus-client"):
        control("change_password", account, "secret")
    guest = os.environ["AMQP_URL"]
    service = Service("accounts", SPEECHBUS_AMQP_URL=guest.replace("guest:guest", "speechbus:secret"))
    try:
        _, reply = service.ask({"text": "Hi."}, guest.replace("guest:guest", "speechbus-client:secret"))
        assert reply["status"] == "ok", reply
        warnings = [line for line in service.lines() if line["level"] in ("warning", "error")]
        assert not warnings, warnings
    finally:
        service.stop()


def release(service):
    samples = [name for name in monitoring.samples(service) if name.startswith("speechbus_build_info{")]
    version = subprocess.run([BIN, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert len(samples) == 1 and f'version="{version.split()[0]}"' in samples[0], samples
    status, health = service.get("/health")
    assert status == 200 and f'"version":"{version.split()[0]}"' in health.decode(), health
    return version


def main():
    receiver = Receiver()
    service = Service(
        "traced", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_SERVICE_NAME="tts",
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment=a%20b", OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20a%20b")
    traces(receiver, service)
    logs(service)
    part("version: --version, /health and speechbus_build_info", lambda: release(service))
    part("traces: flushed at a stop", lambda: flush(receiver, service))
    part("traces: a receiver that refuses costs spans only", lost_receiver)
    part("traces: nothing is sent with OTEL_SDK_DISABLED", disabled)
    part("RabbitMQ: the accounts of deploy/rabbitmq suffice", accounts)
    if shutil.which("prometheus"):
        monitoring.check(part)
    else:
        not_run("Prometheus", "it is missing: apt-get install --no-install-recommends prometheus")
    for program, what in [("helm", "helm template and lint"), ("grafana-server", "Grafana draws the dashboard")]:
        if not shutil.which(program):
            not_run(what, f"{program} is not installed")
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        not_run("Compose", "no container engine runs here")
    print(f"check-stack: {failures} parts failed" if failures else "check-stack: passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
