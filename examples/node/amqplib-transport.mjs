const directReplyTo = "amq.rabbitmq.reply-to";

/**
 * A transport for SpeechClient over amqplib, with direct reply-to and publisher confirms.
 * @param {string} url amqp:// or amqps://
 * @param {object} [socketOptions] as amqplib's connect takes them, such as `ca` and `cert`
 * @param {{connect: Function}} [library] replaces amqplib, which is loaded by default
 * @returns {Promise<import("./client.mjs").Transport>}
 */
export async function amqplibTransport(url, socketOptions = {}, library) {
  library ??= (await import("amqplib")).default;
  const connection = await library.connect(url, socketOptions);
  const channel = await connection.createConfirmChannel();
  let onReply = () => {};
  let onClose = () => {};
  const returned = new Set();

  // Emitted before "close"; without a listener Node would end the process.
  connection.on("error", () => {});
  channel.on("error", () => {});
  let isClosed = false;
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    onClose();
    connection.close().catch(() => {});
  };
  connection.on("close", closed);
  channel.on("close", closed);
  // The broker returns an unroutable message before it confirms it.
  channel.on("return", ({ properties }) => returned.add(properties.correlationId));
  await channel.consume(directReplyTo, (message) => {
    if (message === null) return closed();
    onReply({ correlationId: message.properties.correlationId, content: message.content });
  }, { noAck: true });

  return {
    replyTo: directReplyTo,
    onReply(handler) { onReply = handler; },
    onClose(handler) { onClose = handler; },
    publish(exchange, key, content, properties) {
      const options = { ...properties, mandatory: exchange === "" };
      return new Promise((resolve, reject) => {
        channel.publish(exchange, key, content, options, (error) => {
          if (error) reject(error);
          else if (returned.delete(properties.correlationId)) reject(new Error(`there is no queue ${key}: is the service running?`));
          else resolve();
        });
      });
    },
    async close() { await connection.close(); },
  };
}
