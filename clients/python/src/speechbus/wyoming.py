"""A Wyoming server, which Home Assistant uses as text to speech: `python -m speechbus.wyoming --help`."""

import argparse
import asyncio
import os
from contextlib import aclosing
from functools import partial
from typing import Any

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncServer
from wyoming.tts import Synthesize

from ._asyncio import AsyncSpeechClient
from .errors import SpeechError

RATE, WIDTH, CHANNELS = 24000, 2, 1
ATTRIBUTION = Attribution(name="XTTS-v2", url="https://huggingface.co/coqui/XTTS-v2")


def information(configuration: dict[str, Any]) -> Info:
    """The voices, each with every language, because a voice of XTTS speaks them all."""
    languages = [language["id"] for language in configuration["languages"]]
    voices = [
        TtsVoice(
            name=voice["voice_id"], description=voice["display_name"], attribution=ATTRIBUTION, installed=True,
            version=None, languages=languages)
        for voice in configuration["voices"]
    ]
    program = TtsProgram(
        name="speechbus", description=configuration["model_repo"], attribution=ATTRIBUTION, installed=True, version=None,
        voices=voices)
    return Info(tts=[program])


class Handler(AsyncEventHandler):
    """One connection. A connection that ends cancels the request in the service."""

    def __init__(
        self, client: AsyncSpeechClient, language: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer)
        self._client = client
        self._language = language

    async def handle_event(self, event: Event) -> bool:
        try:
            if Describe.is_type(event.type):
                await self.write_event(information(await self._client.configuration()).event())
            elif Synthesize.is_type(event.type):
                await self._speak(Synthesize.from_event(event))
        except SpeechError as error:
            await self.write_event(Error(text=str(error), code=error.code).event())
            # Home Assistant waits for the end of the audio, or of the connection.
            return False
        return True

    async def _speak(self, request: Synthesize) -> None:
        # A request of Home Assistant names a voice, but no language.
        fields: dict[str, Any] = {"language": self._language}
        if request.voice is not None and request.voice.name:
            fields["speaker_id"] = request.voice.name
        if request.voice is not None and request.voice.language:
            fields["language"] = request.voice.language
        await self.write_event(AudioStart(rate=RATE, width=WIDTH, channels=CHANNELS).event())
        async with aclosing(self._client.stream(request.text, format="pcm", **fields)) as pieces:
            async for piece in pieces:
                await self.write_event(AudioChunk(rate=RATE, width=WIDTH, channels=CHANNELS, audio=piece).event())
        await self.write_event(AudioStop().event())


async def serve(uri: str, amqp_url: str, language: str = "auto") -> None:
    """Serves until the task is cancelled."""
    async with AsyncSpeechClient(amqp_url) as client:
        await AsyncServer.from_uri(uri).run(partial(Handler, client, language))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m speechbus.wyoming", description=__doc__)
    parser.add_argument("--uri", default="tcp://127.0.0.1:10200", help="the address to listen on (%(default)s)")
    parser.add_argument("--amqp-url", default=os.environ.get("SPEECHBUS_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/"))
    parser.add_argument("--language", default="auto", help="of requests that name none; auto detects it (%(default)s)")
    arguments = parser.parse_args()
    try:
        asyncio.run(serve(arguments.uri, arguments.amqp_url, arguments.language))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
