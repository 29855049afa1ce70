"use strict";

const { DisconnectedError, UnroutableError } = require("./errors.cjs");

const directReplyTo = "amq.rabbitmq.reply-to";
/** Messages of a stream that the broker sends before the reader took one. */
const prefetch = 8;

/**
 * How to get connections from what the user has.
 * @returns {{open: () => Promise<object>, isOwned: boolean, canReopen: boolean}} connections of amqplib
 */
function connectionSource(source, socketOptions) {
  if (typeof source === "string" || source instanceof URL) {
    const open = async () => (await import("amqplib")).default.connect(String(source), socketOptions);
    return { open, isOwned: true, canReopen: true };
  }
  if (typeof source === "function") return { open: async () => source(), isOwned: true, canReopen: true };
  if (typeof source?.isConnected === "function" && typeof source.once === "function") {
    return { open: (signal) => managedConnection(source, signal), isOwned: false, canReopen: true };
  }
  if (typeof source?.createConfirmChannel === "function") {
    return { open: async () => source, isOwned: false, canReopen: false };
  }
  throw new TypeError("SpeechClient: a URL, a connection of amqplib, a function that opens one, or a connection manager is needed");
}

/** The connection of amqp-connection-manager, as soon as it has one. */
function managedConnection(manager, signal) {
  if (manager.isConnected() && manager.connection) return manager.connection;
  return new Promise((resolve, reject) => {
    const connected = ({ connection }) => { signal.removeEventListener("abort", aborted); resolve(connection); };
    const aborted = () => { manager.removeListener("connect", connected); reject(signal.reason); };
    manager.once("connect", connected);
    signal.addEventListener("abort", aborted, { once: true });
  });
}

/** Whether the broker answered and refused; another attempt gives the same answer. */
function isRefusal(error) {
  return /ACCESS[_-]REFUSED|NOT[_-]ALLOWED|Handshake terminated by server/.test(error?.message ?? "");
}

/** A transport for SpeechClient over a connection of amqplib: direct reply-to, publisher confirms, a queue per stream. */
async function openTransport(connection, isOwned) {
  let onReply = () => {};
  let onClose = () => {};
  let isClosed = false;
  const returned = new Set();
  let channel;
  const ignore = () => {};
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    connection.removeListener("close", closed);
    if (!isOwned) connection.removeListener("error", ignore);
    (isOwned ? connection : channel)?.close().catch?.(ignore);
    onClose();
  };
  // Emitted before "close"; without a listener Node would end the process.
  connection.on("error", ignore);
  connection.on("close", closed);
  channel = await connection.createConfirmChannel();
  channel.on("error", ignore);
  channel.on("close", closed);
  // The broker returns an unroutable message before it confirms it.
  channel.on("return", ({ properties }) => returned.add(properties.correlationId));
  await channel.consume(directReplyTo, (message) => {
    if (message === null) return closed();
    onReply(message.properties.correlationId, message.content);
  }, { noAck: true });

  return {
    replyTo: directReplyTo,
    onReply(handler) { onReply = handler; },
    onClose(handler) {
      onClose = handler;
      if (isClosed) handler();
    },
    publish(exchange, key, content, properties) {
      const options = { ...properties, mandatory: exchange === "" };
      return new Promise((resolve, reject) => {
        if (isClosed) return reject(new DisconnectedError("lost"));
        channel.publish(exchange, key, content, options, (error) => {
          if (error) reject(isClosed ? new DisconnectedError("lost", error) : error);
          else if (returned.delete(properties.correlationId)) reject(new UnroutableError(key));
          else resolve();
        });
      });
    },
    /** An exclusive queue for one stream, with acknowledgements, so that a slow reader slows the broker. */
    async openReplies(handler) {
      const replies = await connection.createChannel();
      replies.on("error", ignore);
      const acknowledge = (message) => {
        try { replies.ack(message); } catch { /* The channel is closed: the broker has the message no more. */ }
      };
      await replies.prefetch(prefetch);
      const { queue } = await replies.assertQueue("", { exclusive: true, autoDelete: true, durable: false });
      await replies.consume(queue, (message) => {
        if (message === null) return closed();
        handler(message.content, () => acknowledge(message));
      });
      return { replyTo: queue, close: () => replies.close().catch(ignore) };
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      try { await (isOwned ? connection : channel).close(); } catch { /* It is closed already. */ }
    },
  };
}

module.exports = { connectionSource, isRefusal, openTransport };
