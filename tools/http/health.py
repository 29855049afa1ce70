"""Times /health while the engine is saturated over the bus: `health.py BASE_URL AMQP_URL [SECONDS]`.

Keeps the request queue full with long texts, waits until every slot is in use, then requests /health 25 times per second
over one connection. Between these requests it measures a process that only answers, which shows the time that the machine
needs to wake two processes under this load. The publisher of the load has a lower priority than both. Exits 1 if the
service's 99th percentile is over 50 ms. As root the probe has real-time priority, so that the time of the service is
measured and not that of the probe. Needs `pip install pika requests`.
"""

import http.client
import json
import multiprocessing
import os
import socket
import sys
import time
import urllib.parse
import uuid

import pika
import requests

TEXT = "The queue is full, and every slot is taken. " * 12
OUTSTANDING = 64


def metric(base, name):
    for line in requests.get(base + "/metrics", timeout=10).text.splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise SystemExit(f"no {name} in /metrics")


def saturate(url, stop, answered):
    """Runs in its own process, so that reading replies does not delay the probe."""
    os.nice(19)
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()

    def publish():
        channel.basic_publish(
            "", "tts.synthesize", json.dumps({"text": TEXT, "seed": answered.value, "format": "mp3"}).encode(),
            pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id=str(uuid.uuid4())))

    def receive(channel, method, properties, body):
        assert b'"status":"ok"' in body, body[:300]
        answered.value += 1
        publish()

    channel.basic_consume("amq.rabbitmq.reply-to", receive, auto_ack=True)
    for _ in range(OUTSTANDING):
        publish()
    while not stop.is_set():
        connection.process_data_events(time_limit=0.2)
    connection.close()


def answer(listener):
    """The simplest HTTP server."""
    connection, _ = listener.accept()
    while connection.recv(4096):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def runs_undisturbed():
    """Whether this process gets the processor whenever it is ready to run. Otherwise its own waiting would be measured:
    it wakes the service, is pre-empted by it, and then waits for the engine."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        return True
    except PermissionError:
        return False


def milliseconds(connection):
    start = time.perf_counter()
    connection.request("GET", "/health")
    response = connection.getresponse()
    body = response.read()
    taken = (time.perf_counter() - start) * 1000
    assert response.status == 200, body
    return taken


def described(times):
    times = sorted(times)
    p50, p90, p99 = (times[int(share * len(times))] for share in (0.5, 0.9, 0.99))
    return p99, f"p50 {p50:.2f}, p90 {p90:.2f}, p99 {p99:.2f}, max {times[-1]:.2f} ms"


def main():
    base, amqp = sys.argv[1].rstrip("/"), sys.argv[2]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 20
    stop, answered = multiprocessing.Event(), multiprocessing.Value("q", 0)
    load = multiprocessing.Process(target=saturate, args=(amqp, stop, answered), daemon=True)
    load.start()
    slots = metric(base, "speechbus_slots")
    began = time.monotonic()
    while metric(base, "speechbus_slots_in_use") < slots:
        if time.monotonic() > began + 60:
            raise SystemExit("the slots were never all taken")
        time.sleep(0.05)

    address = urllib.parse.urlparse(base)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        idle = multiprocessing.Process(target=answer, args=(listener,), daemon=True)
        idle.start()
        beside = http.client.HTTPConnection(*listener.getsockname(), timeout=10)
    undisturbed = runs_undisturbed()
    times, floor, before = [], [], answered.value
    codes, began = metric(base, "speechbus_codes_total"), time.monotonic()
    while time.monotonic() < began + seconds:
        times.append(milliseconds(connection))
        time.sleep(0.02)
        floor.append(milliseconds(beside))
        time.sleep(0.02)
    elapsed = time.monotonic() - began
    codes = metric(base, "speechbus_codes_total") - codes
    stop.set()
    load.join(10)
    p99, figures = described(times)
    print(f"/health, {len(times)} times while {slots:.0f} slots decoded {codes / elapsed:.0f} codes per second and "
          f"{answered.value - before} replies left: {figures}")
    print(f"a process that only answers, alternately with it: {described(floor)[1]}")
    print("probed with real-time priority" if undisturbed else "probed with normal priority (not root)")
    raise SystemExit(0 if p99 < 50 else "the 99th percentile is over 50 ms")


main()
