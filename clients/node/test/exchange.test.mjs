import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import exchanges from "../lib/exchange.cjs";
import json from "../lib/json.cjs";

const { Exchange } = exchanges;
const content = (message) => Buffer.from(JSON.stringify(message));
const piece = (sequence, text) => content({ sequence, audio_base64: Buffer.from(text).toString("base64") });
const final = (text) => content({ status: "ok", sha256: createHash("sha256").update(text).digest("hex") });

test("seeds keep all 64 bits", () => {
  const seed = 2n ** 64n - 1n;
  assert.equal(json.encode({ text: "a", seed }), '{"seed":18446744073709551615,"text":"a"}');
  assert.equal(json.decode('{"a":",\\"seed\\":1","seed":18446744073709551615}').seed, seed);
  assert.throws(() => json.encode({ seed: 2 ** 60 }), RangeError);
});

test("repeated pieces are dropped, and a piece is acknowledged when the next one is asked for", async () => {
  const exchange = new Exchange({});
  const acks = [];
  for (const [sequence, text] of [[0, "a"], [0, "a"], [1, "b"]]) {
    const number = acks.push(false) - 1;
    exchange.receive(piece(sequence, text), () => { acks[number] = true; });
  }
  exchange.receive(final("ab"));
  const pieces = exchange.pieces((next) => next());
  assert.equal(String((await pieces.next()).value), "a");
  assert.deepEqual(acks, [false, true, false]);
  assert.equal(String((await pieces.next()).value), "b");
  assert.deepEqual(acks, [true, true, false]);
});

test("damaged audio and missing pieces are not taken for speech", async () => {
  const damaged = new Exchange({});
  damaged.receive(piece(0, "a"));
  damaged.receive(final("b"));
  await assert.rejects(damaged.reply, { name: "ReplyError", code: "invalid_reply" });
  const gap = new Exchange({});
  gap.receive(piece(1, "b"));
  await assert.rejects(gap.reply, /piece 0/);
});
