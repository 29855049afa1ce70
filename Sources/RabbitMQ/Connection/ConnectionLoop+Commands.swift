import Foundation

extension ConnectionLoop {
  private static let heldPublishLimit = 65_536
  private static let channelLimit: UInt16 = 2047
  /// A header of mandatory messages. It identifies the publish to which a returned message belongs.
  static let sequenceHeader = "x-publish-sequence"

  func perform(_ command: Command) throws(RabbitMQError) {
    if let id = command.channel, channels[id.number]?.serial != id.serial {
      return command.fail(RabbitMQError(.closed, "the channel is closed"))
    }
    switch command {
    case .openChannel(let completion): try openChannel(completion)
    case .call(let method, let channel, let completion): try call(method, channel: channel.number, completion)
    case .consume(let options, let channel, let callbacks, let completion):
      channels[channel.number]?.consumers[options.consumerTag] = callbacks
      try call(.consume(options), channel: channel.number, completion)
    case .acknowledge(let tag, let channel):
      channels[channel.number]?.acknowledgements.acknowledge(tag)
      unflushed.insert(channel.number)
    case .reject(let tag, let requeue, let channel):
      guard channels[channel.number]?.acknowledgements.isSettled(tag) == false else { return }
      channels[channel.number]?.acknowledgements.settle(tag)
      try native.send(.reject(tag, requeue: requeue), channel: channel.number)
    case .publish(let outgoing, let channel):
      guard isBlocked else { return try publish(outgoing, channel: channel.number) }
      guard held.count < Self.heldPublishLimit else {
        return command.fail(
          RabbitMQError(.overloaded, "the broker blocks publishing and \(held.count) messages wait"))
      }
      held.append(command)
    case .close(let completion):
      defer { completion(.success(())) }
      try flushAndClose()
      throw RabbitMQError(.closed, "the connection was closed")
    }
  }

  private func flushAndClose() throws(RabbitMQError) {
    for channel in channels.keys { try sendAcknowledgements(channel) }
    native.close(timeoutSeconds: 5)
  }

  private func openChannel(_ completion: @escaping Completion<ChannelID>) throws(RabbitMQError) {
    guard let number = (1...Self.channelLimit).first(where: { channels[$0] == nil }) else {
      return completion(.failure(RabbitMQError(.overloaded, "all \(Self.channelLimit) channels are in use")))
    }
    channelSerial += 1
    let id = ChannelID(number: number, serial: channelSerial)
    channels[number] = ChannelState(serial: id.serial, maxBodyBytes: configuration.maxBodyBytes)
    try call(.openChannel, channel: number) { result in completion(result.map { _ in id }) }
  }

  private func call(
    _ method: OutgoingMethod, channel: UInt16, _ completion: @escaping Completion<MethodReply>
  ) throws(RabbitMQError) {
    var pending = ChannelState.PendingCall(completion: completion, deadline: .now + configuration.methodTimeout)
    switch method {
    case .selectConfirms: channels[channel]?.confirms = ConfirmTracker()
    case .cancelConsumer(let tag): pending.cancelledConsumerTag = tag
    case .closeChannel:
      pending.closesChannel = true
      channels[channel]?.serial = nil
    default: break
    }
    channels[channel]?.calls.append(pending)
    // Earlier acknowledgements must be sent before this call, because it may close the channel.
    try sendAcknowledgements(channel)
    do throws(RabbitMQError) {
      try native.send(method, channel: channel)
    } catch {
      guard error.code == .unencodable else { throw error }
      channels[channel]?.calls.removeLast()
      completion(.failure(error))
    }
  }

  private func publish(_ outgoing: OutgoingMessage, channel: UInt16) throws(RabbitMQError) {
    let sequence = channels[channel]?.confirms?.nextSequence
    var message = outgoing.message
    if let sequence, outgoing.mandatory {
      message.properties.headers[Self.sequenceHeader] = .integer(Int64(clamping: sequence))
    }
    if let error = native.encodingError(of: message.properties) {
      outgoing.completion(.failure(error))
      return
    }
    if sequence != nil {
      channels[channel]?.confirms?.append(
        ChannelState.Unconfirmed(completion: outgoing.completion, deadline: .now + configuration.confirmTimeout))
    }
    do throws(RabbitMQError) {
      try native.publish(
        message, exchange: outgoing.exchange, routingKey: outgoing.routingKey, mandatory: outgoing.mandatory,
        channel: channel)
    } catch {
      // With confirms, the end of the channel completes it.
      if sequence == nil { outgoing.completion(.failure(error)) }
      throw error
    }
    if sequence == nil { outgoing.completion(.success(.confirmed)) }
  }
}
