"""Uses the installed package against a service on BUS_URL; tools/check-clients runs it. It prints a line per part.

BROKER is the folder of the broker, which is restarted, and BROKER_TOOLS the tools that do it. The texts control the
worker: `sleep=200` milliseconds first, `chunks=4` when streamed, `fail=CODE`.
"""

import asyncio
import os
import subprocess
import sys

from parts import failures
from speechbus import (
    AsyncSpeechClient, DeadlineError, DisconnectedError, ServiceError, SpeechClient, UnroutableError)

URL, BROKER, TOOLS = (os.environ[name] for name in ("BUS_URL", "BROKER", "BROKER_TOOLS"))


def restart():
    subprocess.run([f"{TOOLS}/stop", BROKER], check=True)
    subprocess.run([f"{TOOLS}/start", BROKER], check=True, stdout=subprocess.DEVNULL)


def raises(kind, action, **attributes):
    try:
        action()
    except kind as error:
        for name, value in attributes.items():
            assert getattr(error, name) == value, (name, getattr(error, name))
        return
    raise AssertionError(f"no {kind.__name__}")


def synthesised():
    with SpeechClient(URL) as client:
        speech = client.synthesize("hello bytes=2048", seed=2**64 - 1)
        assert speech.audio is not None and len(speech.audio) == 2048
        again = client.synthesize("hello bytes=2048", message_id="repeated")
        assert client.synthesize("hello bytes=2048", message_id="repeated").audio == again.audio


def streamed():
    with SpeechClient(URL) as client:
        pieces = list(client.stream("hello bytes=2000 chunks=20"))
        assert (len(pieces), sum(map(len, pieces))) == (20, 2000)


def aborted():
    with SpeechClient(URL) as client:
        for _ in client.stream("chunks=50 pause=500"):
            break
        assert client.synthesize("after bytes=64").audio is not None


def typed_errors():
    with SpeechClient(URL) as client:
        raises(ServiceError, lambda: client.synthesize(""), code="text_empty", field="text", retryable=False)
        raises(DeadlineError, lambda: client.synthesize("sleep=60000", timeout=0.3), code="deadline_exceeded")
        client.queue = "nobody.listens"
        raises(UnroutableError, lambda: client.synthesize("x"), code="unroutable")
    raises(DisconnectedError, lambda: client.synthesize("x"), state="closed")
    refused = SpeechClient(URL.replace("guest:guest", "guest:wrong"))
    raises(DisconnectedError, lambda: refused.synthesize("x"), state="refused")
    unreachable = SpeechClient("amqp://127.0.0.1:1/", reconnect_for=0.2)
    raises(DisconnectedError, lambda: unreachable.synthesize("x"), state="unreachable")


def restarted():
    with SpeechClient(URL) as client:
        pieces = []
        for piece in client.stream("bytes=2000 chunks=10 pause=100"):
            pieces.append(piece)
            if len(pieces) == 2:
                restart()
        assert sum(map(len, pieces)) == 2000


async def asyncio_synthesised():
    async with AsyncSpeechClient(URL) as client:
        sizes = [64 + 2 * number for number in range(40)]
        replies = await asyncio.gather(*(client.synthesize(f"bytes={size}") for size in sizes))
        assert [len(reply.audio) for reply in replies] == sizes


async def asyncio_streamed():
    async with AsyncSpeechClient(URL) as client:
        pieces = [piece async for piece in client.stream("bytes=1000 chunks=20")]
        assert (len(pieces), sum(map(len, pieces))) == (20, 1000)


async def asyncio_aborted():
    async with AsyncSpeechClient(URL) as client:
        task = asyncio.create_task(client.synthesize("sleep=60000"))
        await asyncio.sleep(0.2)
        task.cancel()
        try:
            await task
            raise AssertionError("not cancelled")
        except asyncio.CancelledError:
            pass


async def asyncio_typed_errors():
    async with AsyncSpeechClient(URL) as client:
        for kind, action in [
            (ServiceError, client.synthesize("fail=unknown_speaker")), (DeadlineError, client.synthesize("sleep=60000", timeout=0.3)),
        ]:
            try:
                await action
                raise AssertionError(f"no {kind.__name__}")
            except kind:
                pass
        client.queue = "nobody.listens"
        try:
            await client.synthesize("x")
            raise AssertionError("no UnroutableError")
        except UnroutableError:
            pass


async def asyncio_restarted():
    async with AsyncSpeechClient(URL) as client:
        pieces = []
        async for piece in client.stream("bytes=2000 chunks=10 pause=100"):
            pieces.append(piece)
            if len(pieces) == 2:
                await asyncio.to_thread(restart)
        assert sum(map(len, pieces)) == 2000


sys.exit(failures(
    synthesised, streamed, aborted, typed_errors, restarted, asyncio_synthesised, asyncio_streamed, asyncio_aborted,
    asyncio_typed_errors, asyncio_restarted,
) > 0)
