"""Bodies as people and libraries write them: base64, JSON, compression."""
import base64, gzip, json, zlib

from cases import equal, registry, within
from clients import JSON, ask, bus, error, parsed, plain_base64, plain_wav, send

CASES, case = registry()
SAY, SPEECH, VOICES = "/api/v1/tts/synthesize", "/v1/audio/speech", "/api/v1/tts/voices"


def say(w, body, **more):
    return send(w.open.url, SAY, body, JSON, **more)


def register(w, text, status=201):
    answer = send(w.open.url, VOICES, {"speaker_wav_base64": text})
    equal(answer.status, status, answer.body[:200])
    if status == 201:
        send(w.open.url, f"{VOICES}/{parsed(answer)['voice_id']}", method="DELETE")
    return answer


def lines(text, end):
    return "".join(text[i:i + 76] + end for i in range(0, len(text), 76))


@case("b6-01")
def mime(w):
    """base64 in lines of 76 with CR LF, as Java's MIME encoder writes it"""
    register(w, lines(plain_base64(), "\r\n"))


@case("b6-02")
def encodebytes(w):
    """base64 in lines, as base64 and Python write it"""
    register(w, lines(plain_base64(), "\n"))


@case("b6-03")
def around(w):
    """base64 with blanks around"""
    register(w, plain_base64() + "\n")
    register(w, " " + plain_base64())


@case("b6-04")
def alphabet(w):
    """base64 in the URL alphabet"""
    register(w, base64.urlsafe_b64encode(plain_wav()).decode())


@case("b6-05")
def padding(w):
    """base64 without padding"""
    register(w, base64.b64encode(plain_wav()[:-2]).decode().rstrip("="))
    register(w, base64.b64encode(plain_wav()[:-1]).decode().rstrip("="))


@case("b6-06")
def data_url(w):
    """a data URL in any case"""
    register(w, "Data:audio/wav;base64," + plain_base64())
    register(w, "data:audio/wav;BASE64," + plain_base64())


@case("b6-07")
def wrong_field(w):
    """the error for a URL in speaker_wav_base64 names the field for URLs"""
    answer = register(w, "https://example.com/me.wav", 400)
    equal(error(answer)["field"], "speaker_wav_base64"), within("speaker_wav_url", error(answer)["message"])


@case("b6-08")
def rubbish(w):
    """rubbish stays invalid_audio"""
    for text in ("not base64!!", "data:audio/wav,abc", "AAAA=AAA", "A"):
        answer = register(w, text, 400)
        equal((error(answer)["code"], error(answer)["field"]), ("invalid_audio", "speaker_wav_base64"), text)


HALF = r'"I love it \ud83d"'


@case("js-01")
def half(w):
    """half a surrogate is dropped with a warning, on every transport"""
    for text in (HALF, r'"I love it \ude00."', r'"I \ud83dlove it"'):
        reply = ask(w.open.queue, '{"text":%s}' % text)
        equal(reply["status"], "ok", reply), within("surrogate", reply["warnings"])
    equal(say(w, '{"text":%s}' % HALF).status, 200)
    equal(send(w.open.url, SPEECH, '{"input":%s,"voice":"alloy"}' % HALF, JSON).status, 200)
    equal(ask(w.open.queue, r'{"text":"A whole one: \ud83d\ude00."}')["warnings"], [])


@case("js-02")
def packed_on_the_bus(w):
    """gzip and deflate on the bus, within the size limit"""
    body = b'{"text":"Packed."}'
    raw_deflate = zlib.compressobj(wbits=-15)
    for encoding, packed in (
        ("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("GZIP", gzip.compress(body)),
        ("deflate", raw_deflate.compress(body) + raw_deflate.flush()),
    ):
        equal(ask(w.open.queue, packed, content_encoding=encoding)["status"], "ok", encoding)
    bomb = gzip.compress(b" " * 100_000_000 + body)
    reply = ask(w.open.queue, bomb, content_encoding="gzip")
    equal(error(reply)["code"], "invalid_request", reply)
    equal(error(ask(w.open.queue, gzip.compress(body)[:20], content_encoding="gzip"))["field"], "content_encoding")
    equal(ask("tts.voices.list", gzip.compress(b"{}"), content_encoding="gzip")["status"], "ok")


@case("js-03")
def unknown_encoding(w):
    """plain JSON under another encoding is spoken; bytes that are none name content_encoding"""
    for encoding in ("zstd", "utf-8", "UTF-8", "identity"):
        equal(ask(w.open.queue, {"text": "Hi."}, content_encoding=encoding)["status"], "ok", encoding)
    reply = ask(w.open.queue, b"\x28\xb5\x2f\xfd\x00", content_encoding="zstd")
    within("content_encoding", json.dumps(error(reply)))


@case("js-04")
def packed_over_http(w):
    """gzip and deflate over HTTP; others are 415"""
    body = b'{"text":"Packed."}'
    for encoding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("x-gzip", gzip.compress(body))):
        answer = send(w.open.url, SAY, packed, {**JSON, "Content-Encoding": encoding})
        equal(answer.status, 200, answer.body[:200])
    answer = send(w.open.url, SAY, b"x", {**JSON, "Content-Encoding": "br"})
    equal(answer.status, 415), within("Content-Encoding", answer.body)
    bomb = gzip.compress(b" " * 100_000_000 + body)
    equal(send(w.open.url, SAY, bomb, {**JSON, "Content-Encoding": "gzip"}).status, 413, "bomb")


@case("js-05")
def syntax(w):
    """invalid_json says what is wrong and where"""
    for body, word in (
        (b"", "empty"), (b'{"text":', "line 1"), (b"{'text':'Hi.'}", "column 2"), (b'{"text":"Hi.","seed":NaN}', "column 22"),
        (b'{"text":"caf\xe9"}', "UTF-8"), (b'{\n"text" "Hi."}', "line 2"),
    ):
        answer = say(w, body)
        equal((answer.status, error(answer)["code"]), (422, "invalid_json"), body)
        within(word, error(answer)["message"])


@case("js-06")
def empty(w):
    """an empty string is absent in every optional field"""
    names = ("language", "format", "speaker_id", "user_id", "speaker_wav_url", "speaker_wav_base64", "speed", "seed", "stream")
    reply = ask(w.open.queue, {"text": "Hi.", **dict.fromkeys(names, "")})
    equal(reply["status"], "ok", reply)
    names = ("voice", "response_format", "model", "instructions", "stream_format", "language", "user")
    equal(send(w.open.url, SPEECH, {"input": "Hi.", **dict.fromkeys(names, "")}).status, 200)
    equal(error(ask(w.open.queue, {"text": ""}))["code"], "text_empty")


@case("js-07")
def in_any_case(w):
    """formats in any case, numbers as user_id"""
    equal(ask(w.open.queue, {"text": "Hi.", "format": "WAV"})["format"], "wav")
    equal(send(w.open.url, SPEECH, {"input": "Hi.", "voice": "alloy", "response_format": "MP3"}).status, 200)
    equal(ask(w.open.queue, {"text": "Hi.", "user_id": 42})["status"], "ok")
    equal(error(ask(w.open.queue, {"text": "Hi.", "user_id": 4.5}))["field"], "user_id")
    send(w.open.url, SAY, {"text": "Hi.", "user_id": 42})
    within('"user_id":"42"', send(w.open.url, "/api/v1/tts/usage?user_id=42").body.decode())


@case("js-08")
def wrong_types(w):
    """wrong types are refused with field and range"""
    for body, words in (
        ({"text": "Hi.", "speed": "fast"}, ("speed", "0.25")), ({"text": "Hi.", "speed": "1.2"}, ("speed", "0.25")),
        ({"text": "Hi.", "seed": -1}, ("seed",)), ({"text": ["a"]}, ("text",)),
    ):
        failure = error(ask(w.open.queue, body))
        equal((failure["code"], failure["field"]), ("invalid_request", words[0]))
        for word in words:
            within(word, failure["message"])


@case("js-09")
def user_limit(w):
    """one limit for user_id: 128 characters are taken, 129 are named"""
    document = parsed(send(w.open.url, "/openapi.json"))
    schema = document["paths"][SAY]["post"]["requestBody"]["content"]["application/json"]["schema"]
    limit = schema["properties"]["user_id"]["maxLength"]
    equal(ask(w.open.queue, {"text": "Hi.", "user_id": "u" * limit})["status"], "ok")
    failure = error(ask(w.open.queue, {"text": "Hi.", "user_id": "u" * (limit + 1)}))
    equal(failure["field"], "user_id"), within(limit, failure["message"])
