import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { amqplibTransport } from "../amqplib-transport.mjs";

/** Behaves as amqplib's connection and confirm channel do, as far as the transport uses them. */
class Connection extends EventEmitter {
  isClosed = false;
  channel = Object.assign(new EventEmitter(), {
    consume: async (queue, handler, options) => { this.consumer = { queue, handler, options }; },
    publish: (exchange, key, content, options, confirm) => {
      if (key === "nowhere") this.channel.emit("return", { properties: options });
      setImmediate(confirm, key === "refused" ? new Error("message nacked") : null);
    },
  });

  createConfirmChannel = async () => this.channel;
  close = async () => { this.isClosed = true; };
}

async function open() {
  const connection = new Connection();
  const transport = await amqplibTransport("amqp://host", {}, { connect: async () => connection });
  return { connection, transport };
}

test("replies come by direct reply-to", async () => {
  const { connection, transport } = await open();
  assert.deepEqual([connection.consumer.queue, connection.consumer.options.noAck], ["amq.rabbitmq.reply-to", true]);
  const replies = [];
  transport.onReply((reply) => replies.push(reply));
  connection.consumer.handler({ properties: { correlationId: "c" }, content: Buffer.from("{}") });
  assert.deepEqual(replies, [{ correlationId: "c", content: Buffer.from("{}") }]);
});

test("publishing waits for the confirm and notices refusals and missing queues", async () => {
  const { transport } = await open();
  await transport.publish("", "tts.synthesize", Buffer.from("{}"), { correlationId: "1" });
  await assert.rejects(transport.publish("", "refused", Buffer.from("{}"), { correlationId: "2" }), /nacked/);
  await assert.rejects(transport.publish("", "nowhere", Buffer.from("{}"), { correlationId: "3" }), /no queue nowhere/);
});

test("an ended connection is told once, also by a closed channel or a cancelled consumer", async () => {
  for (const end of [
    ({ connection }) => { connection.emit("error", new Error("reset")); connection.emit("close"); },
    ({ connection }) => { connection.channel.emit("close"); connection.emit("close"); },
    ({ connection }) => { connection.consumer.handler(null); connection.emit("close"); },
  ]) {
    const opened = await open();
    let count = 0;
    opened.transport.onClose(() => { count += 1; });
    end(opened);
    assert.equal(count, 1);
    assert.ok(opened.connection.isClosed);
  }
});
