"""Uses the installed package against a real service on BUS_URL; tools/check-clients runs it. It prints a line per part."""

import asyncio
import os
import sys
import traceback

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


failures = 0
for part in (voice_registered, stream_equals_whole, wyoming_answered):
    name = part.__name__.replace("_", " ")
    try:
        if asyncio.iscoroutinefunction(part):
            asyncio.run(part())
        else:
            part()
        print(f"python: {name}: passed", flush=True)
    except Exception:
        failures += 1
        print(f"python: {name}: FAILED\n{traceback.format_exc()}", flush=True)
sys.exit(failures > 0)
