"""Uses the installed package against a real service on BUS_URL; tools/check-clients runs it. It prints a line per part."""

import asyncio
import json
import os
import sys
import urllib.parse
import urllib.request

from parts import failures
from speechbus import AsyncSpeechClient, ServiceError, SpeechClient

URL = os.environ["BUS_URL"]
TEXT = "The voice of this recording reads a few sentences. They are long enough for a registration. This is the last one."


def voice_registered():
    with SpeechClient(URL) as client:
        recording = client.synthesize(TEXT, format="wav").audio
        assert recording is not None
        voice = client.register_voice(recording, display_name="Check", language="en")["voice_id"]
        assert voice in [each["voice_id"] for each in client.voices()["voices"]]
        spoken = client.synthesize("Hello.", speaker_id=voice)
        assert spoken.audio is not None and spoken.reply["speaker_id"] == voice
        client.delete_voice(voice)
        try:
            client.synthesize("Hello.", speaker_id=voice)
            raise AssertionError("a deleted voice speaks")
        except ServiceError as error:
            assert error.code == "unknown_speaker", error.code


def stream_equals_whole():
    with SpeechClient(URL) as client:
        whole = client.synthesize(TEXT, format="pcm", seed=7)
        assert b"".join(client.stream(TEXT, format="pcm", seed=7)) == whole.audio


def samples(wav):
    start = wav.index(b"data")
    return wav[start + 8:][:int.from_bytes(wav[start + 4:start + 8], "little")]


def xtts_api_server_routes():
    """As SillyTavern's provider XTTSv2 calls them."""
    base = f"http://127.0.0.1:{os.environ['SPEECHBUS_HTTP_PORT']}"

    def answer(path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.headers, response.read()

    speakers = json.loads(answer("/speakers")[1])
    assert [each["voice_id"] for each in speakers] == json.loads(answer("/speakers_list")[1])
    assert json.loads(answer("/languages")[1])["languages"]["English"] == "en"
    request = {"text": "Hello from a front end.", "speaker_wav": speakers[0]["voice_id"], "language": "en"}
    headers, whole = answer("/tts_to_audio/", request)
    assert (headers["Content-Type"], whole[:4], whole[8:12]) == ("audio/wav", b"RIFF", b"WAVE"), headers
    headers, streamed = answer("/tts_stream/?" + urllib.parse.urlencode(request))
    assert (headers["Content-Type"], headers["Transfer-Encoding"]) == ("audio/x-wav", "chunked"), headers
    assert samples(streamed) == samples(whole)


async def wyoming_answered():
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.client import AsyncTcpClient
    from wyoming.error import Error
    from wyoming.info import Describe, Info
    from wyoming.tts import Synthesize, SynthesizeVoice

    from speechbus.wyoming import serve

    port = int(os.environ["WYOMING_PORT"])
    server = asyncio.create_task(serve(f"tcp://127.0.0.1:{port}", URL))
    for _ in range(600):
        try:
            (await asyncio.open_connection("127.0.0.1", port))[1].close()
            break
        except OSError:
            await asyncio.sleep(0.1)

    async def events(client):
        while (event := await client.read_event()) is not None:
            yield event

    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Describe().event())
        program = Info.from_event(await client.read_event()).tts[0]
        assert program.voices and "en" in program.voices[0].languages
        voice = SynthesizeVoice(name=program.voices[0].name)
        await client.write_event(Synthesize("Hello from Home Assistant.", voice=voice).event())
        audio = b""
        assert AudioStart.from_event(await client.read_event()).rate == 24000
        async for event in events(client):
            if AudioStop.is_type(event.type):
                break
            audio += AudioChunk.from_event(event).audio
        assert audio
        await client.write_event(Synthesize("Hello.", voice=SynthesizeVoice(name="nobody")).event())
        assert Error.from_event([event async for event in events(client)][-1]).code == "unknown_speaker"
    async with AsyncSpeechClient(URL) as client:
        whole = await client.synthesize("Hello from Home Assistant.", format="pcm", speaker_id=voice.name, language="auto")
    assert whole.audio == audio
    server.cancel()


sys.exit(failures(voice_registered, stream_equals_whole, xtts_api_server_routes, wyoming_answered) > 0)
