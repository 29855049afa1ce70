"""One request over HTTP or the bus."""
import base64, codecs, collections, datetime, functools, http.client, io, json, math, os, socket, struct, time, urllib.parse, uuid, wave

import pika

AMQP = os.environ["AMQP_URL"]
JSON = {"Content-Type": "application/json"}
Answer = collections.namedtuple("Answer", "status headers body seconds")


def send(url, path, body=None, headers=None, method=None, version=11, timeout=60):
    """One HTTP request; the path goes out as it is. Header names of the answer are in lower case."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=timeout)
    if version == 10:
        connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
    if isinstance(body, (dict, list)):
        body, headers = json.dumps(body), {**JSON, **(headers or {})}
    if isinstance(body, str):
        body = body.encode()
    began = time.time()
    connection.request(method or ("GET" if body is None else "POST"), path, body, headers or {})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, data, time.time() - began)


def raw(url, text, wait=3):
    """The bytes of a request as they are. The answer, and whether the service closed the connection."""
    place = urllib.parse.urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=wait) as connection:
        connection.sendall(text.encode())
        got, closed = b"", False
        try:
            while not closed:
                piece = connection.recv(65536)
                got, closed = got + piece, not piece
        except (TimeoutError, ConnectionError):
            pass
    return got.decode("latin-1"), closed


def parsed(answer):
    return json.loads(answer.body)


def error(answer):
    """The error object of an HTTP answer or of a reply."""
    value = parsed(answer) if isinstance(answer, Answer) else answer
    return value.get("error") or {}


def publish(exchange, key, *bodies, **properties):
    """Publishes messages and waits for no reply."""
    connection = pika.BlockingConnection(pika.URLParameters(AMQP))
    channel = connection.channel()
    for body in bodies:
        channel.basic_publish(exchange, key, body, pika.BasicProperties(**properties))
    connection.close()


def bus(queue, body, wait=20, headers=None, times=1, correlation=None, reply_to=None, **properties):
    """Sends `times` messages and returns the replies: JSON, or bytes that are none."""
    if isinstance(body, dict):
        body = json.dumps(body)
    connection = pika.BlockingConnection(pika.URLParameters(AMQP))
    channel, replies = connection.channel(), []
    own = channel.queue_declare("", exclusive=True).method.queue
    channel.basic_consume(own, lambda _, __, p, b: replies.append((p, b)), auto_ack=True)
    if callable(reply_to):
        reply_to = reply_to(channel, own)
    properties.setdefault("content_type", "application/json")
    for _ in range(times):
        channel.basic_publish("", queue, body, pika.BasicProperties(
            reply_to=reply_to or own, correlation_id=correlation or uuid.uuid4().hex, headers=headers, **properties))
    end = time.time() + wait
    while len(replies) < times and time.time() < end:
        connection.process_data_events(0.05)
    connection.close()
    result = []
    for received, data in replies:
        try:
            result.append(json.loads(data))
        except ValueError:
            result.append(data)
    return result


def ask(queue, body, wait=20, **more):
    """The one reply of one message."""
    replies = bus(queue, body, wait, **more)
    assert replies, f"no reply within {wait} s"
    return replies[0]


def timestamp(seconds):
    """An AMQP timestamp, from now."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(seconds=seconds)


@functools.cache
def plain_wav():
    """1.5 s of a tone with overtones that swells and ebbs, as a WAV file of 16 kHz."""
    rate, samples = 16000, []
    for n in range(rate * 3 // 2):
        t = n / rate
        level = 0.25 * (0.6 + 0.4 * math.sin(2 * math.pi * 3 * t))
        samples.append(int(32767 * level * sum(math.sin(2 * math.pi * 140 * k * t) / k for k in range(1, 12)) / 2))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1), out.setsampwidth(2), out.setframerate(rate)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


def plain_base64():
    return base64.b64encode(plain_wav()).decode()


def metric(url, name):
    """The sum over a metric's labels."""
    lines = send(url, "/metrics").body.decode().splitlines()
    return sum(float(l.rsplit(" ", 1)[1]) for l in lines if l.split("{")[0].split(" ")[0] == name)
