import Foundation

extension ConnectionLoop {
  func handle(_ frame: IncomingFrame, channel: UInt16) throws(RabbitMQError) {
    switch frame {
    case .connectionClosed(let code, let text):
      try? native.send(.closeConnectionOK, channel: 0)
      throw RabbitMQError(.connectionLost, text, replyCode: code)
    case .blocked(let reason):
      isBlocked = true
      onEvent(.blocked(reason: reason))
    case .unblocked: try unblock()
    case .channelClosed(let code, let text):
      try native.send(.closeChannelOK, channel: channel)
      end(channel: channel, RabbitMQError(.channelClosed, text, replyCode: code))
    case .consumerCancelled(let tag, let noWait):
      if !noWait { try native.send(.cancelConsumerOK(tag), channel: channel) }
      channels[channel]?.consumers.removeValue(forKey: tag)?
        .onEnd(
          RabbitMQError(
            .channelClosed,
            "the broker cancelled the consumer: its queue was deleted or moved, or an acknowledgement is overdue"))
    case .content(let start): channels[channel]?.assembler.begin(start)
    case .header(let properties, let bodyByteCount):
      let whole = channels[channel]?.assembler.header(properties, bodyByteCount: bodyByteCount)
      if let (start, message) = whole ?? nil { receive(start, message, channel: channel) }
    case .body(let fragment):
      let whole = channels[channel]?.assembler.append(fragment)
      if let (start, message) = whole ?? nil { receive(start, message, channel: channel) }
    case .confirmed(let sequence, let multiple):
      for entry in channels[channel]?.confirms?.resolve(sequence, multiple: multiple) ?? [] {
        entry.completion(.success(entry.outcome))
      }
    case .refused(let sequence, let multiple):
      for entry in channels[channel]?.confirms?.resolve(sequence, multiple: multiple) ?? [] {
        entry.completion(.failure(RabbitMQError(.notAcknowledged, "the broker refused the message")))
      }
    case .reply(let reply): complete(channel: channel, reply)
    case .ignored: break
    }
  }

  private func unblock() throws(RabbitMQError) {
    isBlocked = false
    onEvent(.unblocked)
    while let command = held.popFirst() { try perform(command) }
  }

  private func complete(channel: UInt16, _ reply: MethodReply) {
    guard channels[channel]?.calls.isEmpty == false, let call = channels[channel]?.calls.removeFirst() else { return }
    if let tag = call.cancelledConsumerTag { channels[channel]?.consumers[tag] = nil }
    if call.closesChannel {
      channels[channel]?.end(RabbitMQError(.closed, "the channel was closed"))
      channels[channel] = nil
    }
    call.completion(.success(reply))
  }

  private func end(channel: UInt16, _ error: RabbitMQError) {
    channels[channel]?.end(error)
    channels[channel] = nil
  }

  private func receive(_ start: ContentStart, _ message: Message, channel: UInt16) {
    switch start {
    case .delivery(let consumerTag, let deliveryTag, let redelivered, let exchange, let routingKey):
      channels[channel]?.consumers[consumerTag]?.onDelivery(
        Delivery(
          message: message, deliveryTag: deliveryTag, redelivered: redelivered, exchange: exchange,
          routingKey: routingKey, consumerTag: consumerTag))
    case .fetched(let deliveryTag, let redelivered, let exchange, let routingKey, let remaining):
      let delivery = Delivery(
        message: message, deliveryTag: deliveryTag, redelivered: redelivered, exchange: exchange,
        routingKey: routingKey)
      complete(channel: channel, .fetched(delivery, remaining: remaining))
    case .returned(let code, let text):
      guard let sequence = message.properties.headers[Self.sequenceHeader]?.integerValue, sequence > 0 else { return }
      channels[channel]?.confirms?.update(UInt64(sequence)) { $0.outcome = .returned(code: code, reason: text) }
    }
  }
}
