"""HTTP as browsers, proxies, probes and OpenAI's clients speak it."""
import hashlib, json, os, re, socket, time, urllib.parse

from cases import equal, registry, within
from clients import JSON, error, parsed, plain_base64, raw, send
from service import start_fails

CASES, case = registry()
SAY, SPEECH, VOICES = "/api/v1/tts/synthesize", "/v1/audio/speech", "/api/v1/tts/voices"


def preflight(service, origin, headers=None):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    return send(service.url, SPEECH, headers=asked, method="OPTIONS")


@case("co-01")
def asked_headers(w):
    """a preflight allows the headers that the page names"""
    wanted = "authorization,content-type,x-stainless-arch,x-stainless-lang,X-Stainless-OS,x-stainless-timeout,baggage"
    for service, origin in ((w.open, "http://localhost:3000"), (w.keyed, "https://a.example")):
        answer = preflight(service, origin, wanted)
        equal(answer.status // 100, 2)
        allowed = {h.strip().lower() for h in answer.headers["access-control-allow-headers"].split(",")}
        equal(set(wanted.lower().split(",")) - allowed, set())
        within("Access-Control-Request-Headers", answer.headers.get("vary", ""))
    within("Origin", preflight(w.keyed, "https://a.example").headers["vary"])


@case("co-02")
def origins(w):
    """origins are compared after normalising; a bad one stops the start"""
    for origin in ("https://a.example", "https://b.example", "https://d.example", "app://obsidian.md", "https://a.example:443"):
        equal(preflight(w.keyed, origin).headers.get("access-control-allow-origin"), origin)
    equal(preflight(w.keyed, "https://evil.example").headers.get("access-control-allow-origin"), None)
    for value in ("https://*.c", "example.com", "https://a.example/path", "https://a.example,https://", "https://u@a.example"):
        status, text = start_fails(XTTS_ALLOW_ORIGINS=value)
        equal(status, 64, value), within("XTTS_ALLOW_ORIGINS", text), within(value.split(",")[-1], text)


@case("co-03")
def planted(w):
    """a page of another origin registers no voice"""
    ours = w.service("ours", XTTS_ALLOW_ORIGINS="https://ours.example")
    body = json.dumps({"display_name": "planted", "speaker_wav_base64": plain_base64()})
    evil, rebound = "https://evil.example", "evil.example:8081"
    for headers in (
        {"Origin": evil}, {"Origin": evil, "Content-Type": "text/plain"},
        {"Host": rebound, "Origin": f"http://{rebound}", **JSON},
    ):
        within(send(ours.url, VOICES, body, headers).status, (403, 415))
    assert b"planted" not in send(ours.url, VOICES).body
    equal(send(ours.url, VOICES, body, {**JSON, "Origin": ours.url}).status, 201)
    equal(send(ours.url, VOICES, body, JSON).status, 201)


@case("he-01")
def slashes(w):
    """probes answer with and without a trailing slash, without the token"""
    for path in ("/health", "/health/", "/health/ready/", "/health/live/", "//health", "/health?x=1", "/health/?x=1"):
        equal(send(w.keyed.url, path).status, 200, path)
        equal(send(w.keyed.url, path, method="HEAD").status, 200, f"HEAD {path}")


@case("he-02")
def closed(w):
    """no spelling of a path goes around the token"""
    for path in ("/v1/models/", "//v1/models", "/health/../v1/models", "/health/%2e%2e/v1/models", "/metrics/", "/health/%2f"):
        within(send(w.keyed.url, path).status, (400, 401, 404))


@case("he-03")
def short_names(w):
    """/healthz, /readyz, /livez and /api/health"""
    for path in ("/healthz", "/readyz", "/livez", "/api/health"):
        equal(send(w.open.url, path).status, 200, path)
        equal(send(w.keyed.url, path).status, 200, path)


@case("he-04")
def scraping(w):
    """metrics need the token, and the deployment's manifests carry it"""
    equal(send(w.keyed.url, "/metrics").status, 401)
    equal(send(w.keyed.url, "/metrics", headers={"Authorization": "Bearer geheim"}).status, 200)


@case("he-05")
def unauthorized(w):
    """401 has its own code"""
    for path in ("/v1/models", VOICES):
        answer = send(w.keyed.url, path)
        equal((answer.status, error(answer)["code"], error(answer)["retryable"]), (401, "unauthorized", False))
        within("Bearer", answer.headers["www-authenticate"])


@case("he-06")
def port(w):
    """PORT is used where SPEECHBUS_HTTP_PORT is unset"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    service = w.service("port", PORT=str(number), SPEECHBUS_HTTP_PORT=None)
    equal(service.port, number)
    service.stop()
    service = w.service("port2", PORT=str(number))
    assert service.port != number
    service.stop()
    status, text = start_fails(PORT="eighty", SPEECHBUS_HTTP_PORT=None)
    equal(status, 64), within("PORT", text), within("eighty", text)


@case("ra-01")
def ranges(w):
    """Range on stored audio"""
    reply = parsed(send(w.open.url, SAY, {"text": "Stored.", "store_generated_audio": True}))
    path = f"/api/v1/tts/audio/{reply['request_id']}"
    whole = send(w.open.url, path)
    total = len(whole.body)
    equal(whole.headers.get("accept-ranges"), "bytes")
    equal(send(w.open.url, path, method="HEAD").headers.get("accept-ranges"), "bytes")
    for wanted, first, count in (("0-1", 0, 2), ("100-199", 100, 100), ("-100", total - 100, 100), (f"{total - 5}-", total - 5, 5)):
        answer = send(w.open.url, path, headers={"Range": f"bytes={wanted}"})
        equal((answer.status, answer.body == whole.body[first:first + count]), (206, True), wanted)
        equal(answer.headers["content-range"], f"bytes {first}-{first + count - 1}/{total}")
    answer = send(w.open.url, path, headers={"Range": "bytes=999999999-"})
    equal((answer.status, answer.headers.get("content-range")), (416, f"bytes */{total}"))
    for wanted in ("bytes=5-2", "items=0-1", "bytes=a-b"):
        equal(len(send(w.open.url, path, headers={"Range": wanted}).body), total, wanted)


@case("h1-01")
def old_client(w):
    """HTTP/1.0 is closed after the answer, unless the client requests keep-alive"""
    text, closed = raw(w.open.url, "GET /health HTTP/1.0\r\n\r\n")
    assert text.startswith("HTTP/1."), text[:40]
    assert closed, "still open"
    text, closed = raw(w.open.url, "GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    within("connection: keep-alive", text)
    assert not closed


@case("h1-02")
def no_chunks(w):
    """no chunks for HTTP/1.0"""
    answer = send(w.open.url, SPEECH, {"input": "Hi.", "voice": "alloy"}, version=10)
    assert "transfer-encoding" not in answer.headers, answer.headers
    newer = send(w.open.url, SPEECH, {"input": "Hi.", "voice": "alloy"})
    equal(answer.body == newer.body, True, "bodies are equal:")


@case("h1-03")
def idle(w):
    """the idle time-out is longer than a proxy's 60 s"""
    place = urllib.parse.urlsplit(w.open.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        for pause in (0, 62):
            time.sleep(pause)
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            within("200 OK", connection.recv(4096))
    equal(start_fails(SPEECHBUS_HTTP_IDLE_SECONDS="none")[0], 64)


@case("h1-04")
def bad_chunks(w):
    """broken chunks are the client's fault"""
    text, _ = raw(w.open.url, f"POST {SAY} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    within(" 400 ", text.splitlines()[0])


@case("or-01")
def order(w):
    """equal answers have equal bytes"""
    config = {send(w.open.url, "/api/v1/tts/config").body for _ in range(4)}
    equal(len(config), 1, "configurations:")
    kept = {send(w.open.url, SAY, {"text": "Kept."}, {"Idempotency-Key": "k1"}).body for _ in range(4)}
    equal(len(kept), 1, "kept answers:")
    members = list(parsed(send(w.open.url, SAY, {"text": ""})))
    equal(members, sorted(members))


@case("oa-02")
def speeds(w):
    """speed from 0.25 to 4"""
    def count(speed):
        answer = send(w.open.url, SPEECH, {
            "input": "Hi there.", "voice": "alloy", "speed": speed, "response_format": "pcm", "seed": 1})
        equal(answer.status, 200, answer.body[:200])
        return len(answer.body)
    one = count(1)
    for speed in (0.25, 2.5, 4):
        assert abs(count(speed) * speed / one - 1) < 0.15, f"speed {speed}: {count(speed)} bytes against {one}"
    for speed in (4.5, 0.2):
        answer = send(w.open.url, SPEECH, {"input": "Hi.", "voice": "alloy", "speed": speed})
        equal(answer.status, 422)
        for word in ("speed", "0.25", "4"):
            within(word, error(answer)["message"])


@case("oa-04")
def models(w):
    """one model by its id, and the list of audio models"""
    listed = parsed(send(w.open.url, "/v1/models"))["data"][0]
    for name in (urllib.parse.quote(listed["id"], safe=""), listed["id"]):
        equal(parsed(send(w.open.url, f"/v1/models/{name}")), listed)
    answer = send(w.open.url, "/v1/models/tts-9")
    equal(answer.status, 404), within("type", error(answer))
    equal(parsed(send(w.open.url, "/v1/audio/models"))["models"][0]["id"], listed["id"])


@case("vo-02")
def stock_names(w):
    """stock voices and default in any case"""
    for voice in ("Alloy", "Default", " alloy "):
        equal(send(w.open.url, SPEECH, {"input": "Hi.", "voice": voice}).status, 200, voice)
    equal(send(w.open.url, SAY, {"text": "Hi.", "speaker_id": "DEFAULT"}).status, 200)


@case("vo-01")
def display_names(w):
    """a voice by its display name, in any case"""
    body = {"display_name": "Anna Edge", "speaker_wav_base64": plain_base64()}
    voice = parsed(send(w.open.url, VOICES, body))["voice_id"]
    for name in ("Anna Edge", "anna edge", " Anna Edge "):
        equal(send(w.open.url, SPEECH, {"input": "Hi.", "voice": name}).status, 200, name)
        equal(parsed(send(w.open.url, SAY, {"text": "Hi.", "speaker_id": name}))["speaker_id"], voice)
    send(w.open.url, f"{VOICES}/{voice}", method="DELETE")


@case("vo-03")
def twins(w):
    """a display name of two voices is refused with their ids"""
    body = {"display_name": "Twin Edge", "speaker_wav_base64": plain_base64()}
    ids = [parsed(send(w.open.url, VOICES, body))["voice_id"] for _ in range(2)]
    answer = send(w.open.url, SPEECH, {"input": "Hi.", "voice": "Twin Edge"})
    equal((answer.status, error(answer)["code"]), (422, "ambiguous_speaker"))
    for voice in ids:
        within(voice, error(answer)["message"])
        send(w.open.url, f"{VOICES}/{voice}", method="DELETE")


@case("vo-04")
def unknown_voice(w):
    """an unknown voice is named, and the list of voices too"""
    answer = send(w.open.url, SPEECH, {"input": "Hi.", "voice": "nobody at all"})
    equal((answer.status, error(answer)["code"]), (404, "unknown_speaker"))
    within("nobody at all", error(answer)["message"]), within("/v1/audio/voices", error(answer)["message"])


@case("oapi-1")
def documents(w):
    """OpenAPI has tags, licence and version; AsyncAPI is served"""
    document = parsed(send(w.open.url, "/openapi.json"))
    assert document["info"]["license"] and document["info"]["version"] != "1" and document["tags"]
    bus = parsed(send(w.open.url, "/asyncapi.json"))
    equal(bus["info"]["version"], document["info"]["version"])
