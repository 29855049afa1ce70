import assert from "node:assert/strict";
import { test } from "node:test";
import { DisconnectedError, SpeechClient, SpeechError, TimeoutError } from "../client.mjs";
import { StandIn, audioOf, finalReply, piece, speak } from "./stand-in.mjs";

const client = (broker, options) => new SpeechClient({ connect: broker.connect, backoff: () => 1, ...options });

test("speaks, with what the bus needs in the properties", async () => {
  const broker = new StandIn();
  const speech = await client(broker).synthesize({ text: "hello" }, { messageId: "m1", priority: 7, timeout: 5_000 });
  assert.deepEqual(speech.audio, audioOf("hello"));
  assert.equal(speech.sample_rate, 24_000);
  const [{ key, body, properties }] = broker.published;
  assert.deepEqual([key, body], ["tts.synthesize", { text: "hello", stream: false }]);
  assert.deepEqual([properties.messageId, properties.priority, properties.replyTo], ["m1", 7, "reply-0"]);
  assert.ok(Number(properties.expiration) <= 5_000 && properties.headers["x-deadline"] > Date.now());
});

test("many at once each get their own", async () => {
  const broker = new StandIn((request, reply, count) => setTimeout(() => speak(request, reply), (count * 7) % 11));
  const shared = client(broker);
  const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
  const all = await Promise.all(texts.map((text) => shared.synthesize({ text })));
  assert.deepEqual(all.map(({ audio }) => audio.toString()), texts.map((text) => audioOf(text).toString()));
  assert.equal(broker.connections.length, 1);
});

test("streams as an async iterator", async () => {
  const pieces = [];
  for await (const bytes of client(new StandIn()).stream({ text: "hello" })) pieces.push(bytes);
  assert.ok(pieces.length > 3);
  assert.deepEqual(Buffer.concat(pieces), audioOf("hello"));
});

test("leaving a stream's loop cancels the request", async () => {
  const broker = new StandIn((_, reply) => reply(piece(0, Buffer.from("ab"))));
  for await (const _ of client(broker).stream({ text: "long" })) break;
  assert.deepEqual(broker.published.at(-1).body, { cancel: broker.published[0].properties.correlationId });
});

test("an error reply is thrown with its code and field", async () => {
  const broker = new StandIn((_, reply) => reply({
    status: "error", request_id: "r", error: { code: "text_empty", message: "text is empty", retryable: false, field: "text" } }));
  await assert.rejects(client(broker).synthesize({ text: "" }), (error) =>
    error instanceof SpeechError && error.code === "text_empty" && error.field === "text" && !error.retryable);
});

test("a time-out rejects and cancels", async () => {
  const broker = new StandIn(() => {});
  await assert.rejects(client(broker).synthesize({ text: "never" }, { timeout: 20 }), TimeoutError);
  assert.equal(broker.published.at(-1).exchange, "tts.control");
});

test("an aborted signal cancels", async () => {
  const stop = new AbortController();
  const broker = new StandIn(() => stop.abort());
  await assert.rejects(client(broker).synthesize({ text: "stop" }, { signal: stop.signal }), { name: "AbortError" });
  assert.equal(broker.published.at(-1).exchange, "tts.control");
});

test("a lost connection publishes again under the same message id, and a stream goes on where it was", async () => {
  const broker = new StandIn((request, reply, count) => {
    if (count > 1) return speak(request, reply);
    reply(piece(0, audioOf("again").subarray(0, 2)));
    broker.isDown = true;
    broker.connections[0].lose();
    setTimeout(() => { broker.isDown = false; }, 10);
  });
  const pieces = [];
  for await (const bytes of client(broker).stream({ text: "again" })) pieces.push(bytes);
  assert.deepEqual(Buffer.concat(pieces), audioOf("again"));
  assert.equal(broker.connections.length, 2);
  const [first, second] = broker.published.map(({ properties }) => properties);
  assert.equal(first.messageId, second.messageId);
  assert.deepEqual([first.replyTo, second.replyTo], ["reply-0", "reply-1"]);
});

test("a broker that stays away is reported", async () => {
  const broker = new StandIn();
  broker.isDown = true;
  await assert.rejects(client(broker, { reconnectFor: 15 }).synthesize({ text: "x" }), DisconnectedError);
});

test("a queue that is not there is reported", async () => {
  await assert.rejects(client(new StandIn(), { queue: "nowhere" }).synthesize({ text: "x" }), /no queue nowhere/);
});

test("damaged audio and missing pieces are not taken for speech", async () => {
  const wrong = new StandIn((_, reply) => reply(finalReply(Buffer.from("one"), { audio_base64: "dHdv" })));
  await assert.rejects(client(wrong).synthesize({ text: "x" }), /sha256/);
  const gap = new StandIn((_, reply) => { reply(piece(0, Buffer.from("a"))); reply(piece(2, Buffer.from("b"))); });
  await assert.rejects(async () => { for await (const _ of client(gap).stream({ text: "x" })); }, /piece 1/);
});

test("closing fails what is in flight", async () => {
  const shared = client(new StandIn(() => shared.close()));
  await assert.rejects(shared.synthesize({ text: "x" }), DisconnectedError);
});
