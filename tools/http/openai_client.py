"""Requests speech from a running service with OpenAI's client: `openai_client.py BASE_URL`.

Covers every format, whole and streamed, events, stock and custom voices, and errors as the client reports them. A streamed
reply must begin before the last audio code is decoded: `speechbus_codes_total` still rises after the first byte. Exits 1
and prints the reason if a check fails. Needs `pip install openai requests`.
"""

import base64
import json
import sys

import openai
import requests

TEXT = ("This is a longer text, so that there is something to stream. It has a few sentences, each of them spoken by itself. "
        "While the first ones are on their way to the client, the others are still being made. That is all there is to it.")
# The small model makes the codes of a few sentences in less time than a request for /metrics takes.
LONG_TEXT = " ".join([TEXT] * 8)
SIGNATURES = {"wav": b"RIFF", "flac": b"fLaC", "opus": b"OggS", "mp3": (b"\xff", b"ID3")}


def codes(base):
    for line in requests.get(base + "/metrics", timeout=10).text.splitlines():
        if line.startswith("speechbus_codes_total "):
            return float(line.split()[1])
    raise SystemExit("no speechbus_codes_total in /metrics")


def formats(client):
    for name in ("wav", "mp3", "flac", "opus", "aac", "pcm"):
        audio = client.audio.speech.create(
            model="tts-1", voice="alloy", input="Hello from the client.", response_format=name).content
        assert len(audio) > 1000, (name, len(audio))
        if name in SIGNATURES:
            assert audio.startswith(SIGNATURES[name]), (name, audio[:4])
        else:
            assert len(audio) % 2 == 0, "pcm is 16-bit"
        print(f"{name}: {len(audio)} bytes")


def streams(client, base):
    for name in ("pcm", "mp3", "opus", "aac", "wav", "flac"):
        before = codes(base)
        at_first, total, pieces = None, 0, 0
        with client.audio.speech.with_streaming_response.create(
                model="tts-1", voice="alloy", input=LONG_TEXT, response_format=name) as response:
            for piece in response.iter_bytes(1024):
                if at_first is None:
                    at_first = codes(base)
                total += len(piece)
                pieces += 1
        after = codes(base)
        assert at_first - before < (after - before) / 2, f"{name}: the first byte came after half of the codes"
        print(f"{name} streamed: {total} bytes in {pieces} pieces; "
              f"{at_first - before:.0f} codes decoded at the first byte, {after - before:.0f} in all")


def events(client):
    kinds, audio = [], b""
    with client.audio.speech.with_streaming_response.create(
            model="gpt-4o-mini-tts", voice="coral", input=TEXT, response_format="pcm", stream_format="sse",
            instructions="Cheerfully.") as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line[6:])
                kinds.append(event["type"])
                audio += base64.b64decode(event.get("audio", ""))
    assert kinds[-1] == "speech.audio.done" and set(kinds[:-1]) == {"speech.audio.delta"}, kinds
    print(f"events: {len(kinds) - 1} deltas, {len(audio)} bytes, done")


def voices(client, base):
    known = requests.get(base + "/v1/audio/voices", timeout=10).json()["voices"]
    name = known[-1]["id"]
    assert client.audio.speech.create(model="xtts", voice=name, input="By name.", response_format="wav").content
    assert client.audio.speech.create(model="xtts", voice={"id": name}, input="By id.", response_format="wav").content
    assert [model.id for model in client.models.list().data], "no model"
    print(f"voices: {len(known)}, spoke as {name} by name and by id")


def errors(client):
    cases = [
        (openai.NotFoundError, "unknown_speaker", "voice", {"voice": "nobody at all"}),
        (openai.UnprocessableEntityError, "invalid_request", "response_format", {"response_format": "wma"}),
        (openai.UnprocessableEntityError, "invalid_request", "speed", {"speed": 9}),
        (openai.UnprocessableEntityError, "text_empty", "input", {"input": ""}),
    ]
    for kind, code, param, change in cases:
        request = {"model": "tts-1", "voice": "alloy", "input": "Hello."} | change
        try:
            client.audio.speech.create(**request)
        except kind as error:
            assert (error.code, error.param, error.type) == (code, param, "invalid_request_error"), error.body
        else:
            raise SystemExit(f"{change} was accepted")
    print(f"errors: {len(cases)} as the client expects them")


def main():
    base = sys.argv[1].rstrip("/")
    client = openai.OpenAI(base_url=base + "/v1", api_key="unused", max_retries=0, timeout=120)
    formats(client)
    streams(client, base)
    events(client)
    voices(client, base)
    errors(client)


main()
