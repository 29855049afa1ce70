import CRabbitMQ

extension OutgoingMethod {
  /// Writes the method to the socket and returns librabbitmq's status.
  func send(on handle: amqp_connection_state_t, channel: UInt16, arena: NativeArena) -> Int32 {
    func send<Fields>(_ id: UInt32, _ fields: Fields) -> Int32 {
      var fields = fields
      return withUnsafeMutablePointer(to: &fields) { amqp_send_method(handle, channel, id, $0) }
    }
    func bytes(_ text: String) -> amqp_bytes_t { arena.bytes(text.utf8Prefix(255)) }

    switch self {
    case .openChannel: return send(0x0014_000A, amqp_channel_open_t())
    case .closeChannel:
      var fields = amqp_channel_close_t()
      fields.reply_code = 200
      return send(0x0014_0028, fields)
    case .closeChannelOK: return send(0x0014_0029, amqp_channel_close_ok_t())
    case .closeConnectionOK: return send(0x000A_0033, amqp_connection_close_ok_t())
    case .declareQueue(let queue, let passive):
      var fields = amqp_queue_declare_t()
      fields.queue = bytes(queue.name)
      fields.passive = passive ? 1 : 0
      fields.durable = queue.durable ? 1 : 0
      fields.exclusive = queue.exclusive ? 1 : 0
      fields.auto_delete = queue.autoDelete ? 1 : 0
      fields.arguments = arena.table(queue.arguments)
      return send(0x0032_000A, fields)
    case .deleteQueue(let name, let onlyIfEmpty):
      var fields = amqp_queue_delete_t()
      fields.queue = bytes(name)
      fields.if_empty = onlyIfEmpty ? 1 : 0
      return send(0x0032_0028, fields)
    case .bindQueue(let queue, let exchange, let routingKey):
      var fields = amqp_queue_bind_t()
      fields.queue = bytes(queue)
      fields.exchange = bytes(exchange)
      fields.routing_key = bytes(routingKey)
      return send(0x0032_0014, fields)
    case .declareExchange(let exchange, let passive):
      var fields = amqp_exchange_declare_t()
      fields.exchange = bytes(exchange.name)
      fields.type = bytes(exchange.kind.rawValue)
      fields.passive = passive ? 1 : 0
      fields.durable = exchange.durable ? 1 : 0
      return send(0x0028_000A, fields)
    case .deleteExchange(let name):
      var fields = amqp_exchange_delete_t()
      fields.exchange = bytes(name)
      return send(0x0028_0014, fields)
    case .setPrefetch(let count):
      var fields = amqp_basic_qos_t()
      fields.prefetch_count = count
      return send(0x003C_000A, fields)
    case .consume(let options):
      var fields = amqp_basic_consume_t()
      fields.queue = bytes(options.queue)
      fields.consumer_tag = bytes(options.consumerTag)
      fields.no_ack = options.noAcknowledge ? 1 : 0
      fields.exclusive = options.exclusive ? 1 : 0
      fields.arguments = arena.table(options.arguments)
      return send(0x003C_0014, fields)
    case .cancelConsumer(let tag):
      var fields = amqp_basic_cancel_t()
      fields.consumer_tag = bytes(tag)
      return send(0x003C_001E, fields)
    case .cancelConsumerOK(let tag): return send(0x003C_001F, amqp_basic_cancel_ok_t(consumer_tag: bytes(tag)))
    case .get(let queue, let noAcknowledge):
      var fields = amqp_basic_get_t()
      fields.queue = bytes(queue)
      fields.no_ack = noAcknowledge ? 1 : 0
      return send(0x003C_0046, fields)
    case .acknowledge(let tag, let multiple):
      return send(0x003C_0050, amqp_basic_ack_t(delivery_tag: tag, multiple: multiple ? 1 : 0))
    case .reject(let tag, let requeue):
      // From RabbitMQ 4.3 on, `basic.nack` does not count as a delivery.
      return send(0x003C_005A, amqp_basic_reject_t(delivery_tag: tag, requeue: requeue ? 1 : 0))
    case .selectConfirms: return send(0x0055_000A, amqp_confirm_select_t())
    }
  }
}
