"""Sends messages while the broker restarts and consumers are cancelled, and accounts for each: tools/check-accounting.

Half of the requests go through the package's client, which publishes a request again after a lost connection. The other
half are published once, with a publisher confirm, and their replies wait in a durable queue. Each request must be answered
or dead-lettered. It prints "1,200 of 1,200 accounted for", and exits 1 if one is missing.
"""

import asyncio
import collections
import itertools
import json
import logging
import os
import sys
import time

import aio_pika
from speechbus import AsyncSpeechClient, SpeechError

URL, BROKER, TOOLS = (os.environ[name] for name in ("BUS_URL", "BROKER", "BROKER_TOOLS"))
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
QUEUE, REPLIES, DEAD = "tts.synthesize", "accounting.replies", "tts.dead"
AT_ONCE = 16
"""Requests in flight of each half."""

outcomes: dict[str, str] = {}
in_flight: set[str] = set()
may_send = asyncio.Event()
counts: collections.Counter[str] = collections.Counter()
_LOST = (aio_pika.exceptions.AMQPError, ConnectionError, RuntimeError, asyncio.InvalidStateError, OSError)


def account(number: str, outcome: str) -> None:
    outcomes.setdefault(number, outcome)
    in_flight.discard(number)


async def begin(number: str) -> None:
    await may_send.wait()
    in_flight.add(number)


async def through_client(client: AsyncSpeechClient, number: str) -> None:
    await begin(number)
    while True:
        try:
            await client.synthesize(f"Message {number}.", message_id=number, timeout=120)
            return account(number, "answered")
        except SpeechError as error:
            if not error.retryable:
                return account(number, f"refused: {error.code}")
            counts[f"repeated after {error.code}"] += 1
            await asyncio.sleep(0.5)


async def connected() -> aio_pika.abc.AbstractConnection:
    while True:
        try:
            return await aio_pika.connect(URL, timeout=10)
        except _LOST:
            await asyncio.sleep(0.2)


async def publish_once(number: str, slots: asyncio.Semaphore) -> None:
    """Publishes until one publish is confirmed, and never after that."""
    message = aio_pika.Message(
        json.dumps({"text": f"Message {number}."}).encode(), delivery_mode=2, message_id=number, correlation_id=number,
        reply_to=REPLIES)
    try:
        await asyncio.wait_for(slots.acquire(), 60)
    except TimeoutError:
        counts["replies not waited for"] += 1
    await begin(number)
    while True:
        try:
            async with await connected() as connection:
                channel = await connection.channel(on_return_raises=True)
                await channel.default_exchange.publish(message, QUEUE, mandatory=True)
                return
        except aio_pika.exceptions.DeliveryError:
            counts["returned, because the queue was deleted"] += 1
        except _LOST:
            counts["not confirmed"] += 1
        await asyncio.sleep(0.2)


async def collect(slots: asyncio.Semaphore) -> None:
    """Takes the replies to the requests that were published once, until the task is cancelled."""
    while True:
        try:
            async with await connected() as connection:
                channel = await connection.channel()
                messages: asyncio.Queue[aio_pika.abc.AbstractIncomingMessage | None] = asyncio.Queue()
                channel.close_callbacks.add(lambda *_: messages.put_nowait(None))
                replies = await channel.declare_queue(REPLIES, durable=True, arguments={"x-queue-type": "quorum"})
                await replies.consume(messages.put)
                while (message := await messages.get()) is not None:
                    number = message.correlation_id or "unknown"
                    if number not in outcomes:
                        slots.release()
                    status = json.loads(message.body)
                    account(number, "answered" if status["status"] == "ok" else f"refused: {status['error']['code']}")
                    await message.ack()
        except _LOST:
            counts["replies: connection lost"] += 1
        await asyncio.sleep(0.2)


async def dead_letters() -> None:
    async with await connected() as connection:
        channel = await connection.channel()
        dead = await channel.get_queue(DEAD, ensure=False)
        while (message := await dead.get(no_ack=True, fail=False)) is not None:
            account(message.message_id or "unknown", f"dead-lettered: {message.headers.get('x-error-code')}")


async def run(*command: str, **environment: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, env={**os.environ, **environment})
    if await process.wait() != 0:
        raise RuntimeError(f"{command}: exit code {process.returncode}")


async def restart(how: str) -> None:
    await run(f"{TOOLS}/stop", BROKER, BROKER_STOP=how)
    await run(f"{TOOLS}/start", BROKER)
    counts["broker " + ("killed" if how else "restarted")] += 1


async def close_connections() -> None:
    """Ends all channels: the broker delivers again what was not acknowledged, and late acknowledgements are void."""
    await run(f"{TOOLS}/ctl", BROKER, "close_all_connections", "accounting")
    counts["connections closed"] += 1


async def cancel_consumers() -> None:
    """The broker cancels the consumers of a queue that is deleted. That deletes deliveries too, so none may be left."""
    may_send.clear()
    end = time.monotonic() + 60
    while in_flight and time.monotonic() < end:
        await asyncio.sleep(0.1)
    deleted = False
    while not in_flight and not deleted:
        try:
            async with await connected() as connection:
                await (await connection.channel()).queue_delete(QUEUE, if_empty=True)
                deleted = True
        except _LOST:
            await asyncio.sleep(0.2)
    counts["consumers cancelled" if deleted else "cancellations skipped: requests remained in flight"] += 1
    may_send.set()


async def disturb() -> None:
    """Disturbs once per twelfth of the requests, so that the number of disturbances doesn't depend on the speed."""
    actions = itertools.cycle((lambda: restart(""), cancel_consumers, lambda: restart("kill"), close_connections))
    for twelfth in range(1, 12):
        while len(outcomes) < COUNT * twelfth // 12:
            await asyncio.sleep(0.1)
        await next(actions)()


async def main() -> int:
    # A broker that restarts is no news here.
    logging.disable(logging.CRITICAL)
    numbers = [f"accounting-{number:04d}" for number in range(COUNT)]
    slots = asyncio.Semaphore(AT_ONCE)
    may_send.set()
    background = [asyncio.create_task(task) for task in (collect(slots), progress())]
    client_numbers = iter(numbers[::2])

    async def client_worker(client: AsyncSpeechClient) -> None:
        for number in client_numbers:
            await through_client(client, number)

    async def publisher() -> None:
        for number in numbers[1::2]:
            await publish_once(number, slots)

    async with AsyncSpeechClient(URL, reconnect_for=120) as client:
        await asyncio.gather(disturb(), publisher(), *(client_worker(client) for _ in range(AT_ONCE)))
    end = time.monotonic() + 180
    while len(outcomes.keys() & set(numbers)) < COUNT and time.monotonic() < end:
        await asyncio.sleep(5)
        await dead_letters()
    for task in background:
        task.cancel()
    await asyncio.gather(*background, return_exceptions=True)

    kinds = collections.Counter(outcomes[number] for number in numbers if number in outcomes)
    for name, count in sorted(counts.items()):
        print(f"  {name}: {count:,}")
    for name, count in sorted(kinds.items()):
        print(f"  {name}: {count:,}")
    missing = [number for number in numbers if number not in outcomes]
    print(f"{COUNT - len(missing):,} of {COUNT:,} accounted for", *missing[:10])
    return 1 if missing else 0


async def progress() -> None:
    while True:
        await asyncio.sleep(20)
        print(f"  {len(outcomes):,} so far", file=sys.stderr, flush=True)


sys.exit(asyncio.run(asyncio.wait_for(main(), 1800)))
