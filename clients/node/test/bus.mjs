// Uses the installed package against a service on BUS_URL; tools/check-clients runs it. It prints a line per part. BROKER
// is the folder of the broker, which is restarted, and BROKER_TOOLS the tools that do it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as client from "@speechbus/client";

const { DeadlineError, DisconnectedError, ServiceError, SpeechClient, UnroutableError } = client;
const require = createRequire(import.meta.url);
const amqplib = require("amqplib");
const { BUS_URL: url, BROKER: broker, BROKER_TOOLS: tools } = process.env;

async function part(name, action) {
  try {
    await action();
    console.log(`${name}: passed`);
  } catch (error) {
    console.log(`${name}: FAILED: ${error.stack}`);
    process.exitCode = 1;
  }
}

async function using(source, action, options) {
  const speech = new SpeechClient(source, { timeout: 60_000, ...options });
  try { return await action(speech); } finally { await speech.close(); }
}

async function all(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

/** Starts an example with these arguments; the action gets its first line of output and the process. */
async function example(name, values, action) {
  const path = `node_modules/@speechbus/client/examples/${name}`;
  const env = { ...process.env, PORT: "0", SPEECHBUS_AMQP_URL: url };
  const child = spawn(process.execPath, [path, ...values], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = await once(child.stdout, "data", { signal: AbortSignal.timeout(60_000) });
    await action(String(line).trim(), child);
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
  }
}

const restart = () => {
  execFileSync(`${tools}/stop`, [broker]);
  execFileSync(`${tools}/start`, [broker]);
};

await part("node: CommonJS and ESM are the same classes", () => {
  assert.equal(require("@speechbus/client").SpeechClient, SpeechClient);
});
await part("node: synthesised", () => using(url, async (speech) => {
  const reply = await speech.synthesize({ text: "hello bytes=2048", seed: 2n ** 64n - 1n });
  assert.equal(reply.audio.length, 2048);
  assert.equal(typeof reply.seed, "bigint");
}));
await part("node: 40 at once", () => using(url, async (speech) => {
  const sizes = Array.from({ length: 40 }, (_, index) => 64 + 2 * index);
  const replies = await Promise.all(sizes.map((size) => speech.synthesize({ text: `bytes=${size}` })));
  assert.deepEqual(replies.map(({ audio }) => audio.length), sizes);
}));
await part("node: streamed", () => using(url, async (speech) => {
  const pieces = await all(speech.stream({ text: "hello bytes=2000 chunks=20" }));
  assert.deepEqual([pieces.length, Buffer.concat(pieces).length], [20, 2000]);
}));
await part("node: aborted", () => using(url, async (speech) => {
  const stop = new AbortController();
  const aborted = speech.synthesize({ text: "sleep=60000" }, { signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await assert.rejects(aborted, { name: "AbortError" });
  for await (const _ of speech.stream({ text: "chunks=50 pause=500" })) break;
  assert.equal((await speech.synthesize({ text: "after bytes=64" })).audio.length, 64);
}));
await part("node: typed errors", async () => {
  await using(url, async (speech) => {
    await assert.rejects(speech.synthesize({ text: "" }), (error) =>
      error instanceof ServiceError && error.code === "text_empty" && error.field === "text" && !error.retryable);
    await assert.rejects(speech.synthesize({ text: "sleep=60000" }, { timeout: 300 }), DeadlineError);
    await speech.close();
    await assert.rejects(speech.synthesize({ text: "x" }), (error) => error instanceof DisconnectedError && error.state === "closed");
  });
  await using(url, (speech) => assert.rejects(speech.synthesize({ text: "x" }), UnroutableError), { queue: "nobody.listens" });
  await using(url.replace("guest:guest", "guest:wrong"), (speech) =>
    assert.rejects(speech.synthesize({ text: "x" }), (error) => error instanceof DisconnectedError && error.state === "refused"));
  await using("amqp://127.0.0.1:1/", (speech) =>
    assert.rejects(speech.synthesize({ text: "x" }), (error) => error.state === "unreachable"), { reconnectFor: 200 });
});
await part("node: a connection of one's own", async () => {
  const connection = await amqplib.connect(url);
  await using(connection, async (speech) => assert.equal((await speech.synthesize({ text: "bytes=64" })).audio.length, 64));
  await connection.createChannel();
  await connection.close();
});
await part("node: broker restarted in the middle", () => using(url, async (speech) => {
  const reply = speech.synthesize({ text: "sleep=1500 bytes=128" });
  const pieces = [];
  for await (const piece of speech.stream({ text: "bytes=2000 chunks=10 pause=100" })) {
    pieces.push(piece);
    if (pieces.length === 2) restart();
  }
  assert.equal(Buffer.concat(pieces).length, 2000);
  assert.equal((await reply).audio.length, 128);
}));
let manager;
try { manager = require("amqp-connection-manager"); } catch { console.log("node: amqp-connection-manager: not run (its sources are missing)"); }
if (manager) {
  await part("node: amqp-connection-manager, broker restarted", async () => {
    const connections = manager.connect([url], { reconnectTimeInSeconds: 1 });
    await using(connections, async (speech) => {
      assert.equal((await speech.synthesize({ text: "bytes=64" })).audio.length, 64);
      restart();
      assert.equal((await speech.synthesize({ text: "bytes=66" })).audio.length, 66);
    });
    await connections.close();
  });
}
await part("node: example say.mjs", () => example("say.mjs", ["hello bytes=2048", "say.wav"], async (line) => {
  assert.match(line, /^say\.wav: /);
  assert.equal(readFileSync("say.wav").length, 2048);
}));
for (const name of ["http-server", "express", "fastify"]) {
  if (name !== "http-server") {
    try { await import(name); } catch { console.log(`node: example ${name}.mjs: not run (${name} is missing)`); continue; }
  }
  await part(`node: example ${name}.mjs streams to a browser`, () => example(`${name}.mjs`, [], async (line) => {
    const address = new URL(line);
    const speak = (text) => { address.searchParams.set("text", text); return fetch(address); };
    const pieces = await all((await speak("bytes=2000 chunks=10 pause=50")).body);
    assert.equal(Buffer.concat(pieces).length, 2000);
    assert.ok(pieces.length > 1, "the audio came at once");
    assert.equal((await speak("")).status, 422);
    const left = await speak("chunks=50 pause=500");
    await left.body.cancel();
    assert.equal((await speak("bytes=64")).status, 200);
  }));
}
