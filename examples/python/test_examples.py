"""Runs the examples against the tests' worker without a model, on the broker of BUS_URL.

The texts control the worker: `sleep=200` milliseconds first, `chunks=4` when streamed, `fail=CODE`.
"""

import asyncio
import os
import time
import unittest

import pika

import speechbus_asyncio
import speechbus_pika

URL = os.environ["BUS_URL"]


class PikaExample(unittest.TestCase):
    def setUp(self):
        self.client = self.enterContext(speechbus_pika.SpeechClient(URL, timeout=30))

    def test_speaks_and_checks_the_digest(self):
        reply = self.client.synthesize(text="hello bytes=2048")
        self.assertEqual((reply["status"], len(reply["audio"])), ("ok", 2048))

    def test_streams_the_same_bytes(self):
        pieces = list(self.client.stream(text="hello bytes=2000 chunks=5"))
        self.assertEqual((len(pieces), sum(map(len, pieces))), (5, 2000))

    def test_errors_have_code_and_field(self):
        with self.assertRaises(speechbus_pika.SpeechError) as raised:
            self.client.synthesize(text="")
        self.assertEqual((raised.exception.code, raised.exception.field), ("text_empty", "text"))

    def test_times_out(self):
        with self.assertRaises(TimeoutError):
            self.client.synthesize(text="sleep=20000", timeout=0.3)

    def test_leaving_a_stream_cancels_it(self):
        start = time.monotonic()
        for _ in self.client.stream(text="chunks=50 pause=500"):
            break
        self.assertEqual(len(self.client.synthesize(text="after bytes=64")["audio"]), 64)
        self.assertLess(time.monotonic() - start, 20)

    def test_a_missing_queue_is_noticed(self):
        self.client.queue = "nobody.listens.here"
        with self.assertRaises(pika.exceptions.UnroutableError):
            self.client.synthesize(text="hello")


class AsyncioExample(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = await self.enterAsyncContext(speechbus_asyncio.SpeechClient(URL, timeout=30))

    async def test_many_at_once_each_get_their_own(self):
        sizes = [64 + 2 * number for number in range(40)]
        replies = await asyncio.gather(*(self.client.synthesize(text=f"bytes={size}") for size in sizes))
        self.assertEqual([len(reply["audio"]) for reply in replies], sizes)

    async def test_streams(self):
        pieces = [piece async for piece in self.client.stream(text="bytes=1000 chunks=4")]
        self.assertEqual((len(pieces), sum(map(len, pieces))), (4, 1000))

    async def test_errors_are_raised(self):
        with self.assertRaises(speechbus_pika.SpeechError) as raised:
            await self.client.synthesize(text="fail=unknown_speaker")
        self.assertEqual(raised.exception.code, "unknown_speaker")

    async def test_times_out(self):
        with self.assertRaises(TimeoutError):
            await self.client.synthesize(text="sleep=20000", timeout=0.3)


if __name__ == "__main__":
    unittest.main()
