"""Times /health while the engine is saturated over the bus: `health.py BASE_URL AMQP_URL [SECONDS]`.

Keeps the request queue full with long texts, waits until every slot is taken, then asks for /health 50 times a second
over one kept connection. Exits 1 when the 99th percentile is over 5 ms. Needs `pip install pika requests`.
"""

import http.client
import json
import multiprocessing
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
    """In a process of its own: reading replies must not hold up the clock that times /health."""
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
    times, before = [], answered.value
    codes, began = metric(base, "speechbus_codes_total"), time.monotonic()
    while time.monotonic() < began + seconds:
        start = time.perf_counter()
        connection.request("GET", "/health")
        response = connection.getresponse()
        body = response.read()
        times.append((time.perf_counter() - start) * 1000)
        assert response.status == 200, body
        time.sleep(0.02)
    elapsed = time.monotonic() - began
    codes = metric(base, "speechbus_codes_total") - codes
    stop.set()
    load.join(10)
    times.sort()
    p50, p90, p99 = (times[int(share * len(times))] for share in (0.5, 0.9, 0.99))
    print(f"/health, {len(times)} times while {slots:.0f} slots decoded {codes / elapsed:.0f} codes a second and "
          f"{answered.value - before} replies left: p50 {p50:.2f}, p90 {p90:.2f}, p99 {p99:.2f}, max {times[-1]:.2f} ms")
    raise SystemExit(0 if p99 < 5 else "the 99th percentile is over 5 ms")


main()
