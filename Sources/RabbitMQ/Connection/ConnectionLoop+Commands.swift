import Foundation

extension ConnectionLoop {
  private static let heldPublishLimit = 65_536
  private static let channelLimit: UInt16 = 2047
  /// A header of mandatory messages. It identifies the publish to which a returned message belongs.
  static let sequenceHeader = "x-publish-sequence"

  func perform(_ command: Command) throws(RabbitMQError) {
    switch command {
    case .openChannel(let completion): try openChannel(completion)
    case .call(let method, let channel, let completion): try call(method, channel: channel, completion)
    case .consume(let options, let channel, let callbacks, let completion):
      guard channels[channel] != nil else { return command.fail(Self.channelIsGone) }
      channels[channel]?.consumers[options.consumerTag] = callbacks
      try call(.consume(options), channel: channel, completion)
    case .acknowledge(let tag, let channel):
      channels[channel]?.acknowledgements.acknowledge(tag)
      unflushed.insert(channel)
    case .reject(let tag, let requeue, let channel):
      guard let state = channels[channel], !state.acknowledgements.isSettled(tag) else { return }
      channels[channel]?.acknowledgements.settle(tag)
      try native.send(.reject(tag, requeue: requeue), channel: channel)
    case .publish(let outgoing, let channel): try publish(outgoing, channel: channel)
    case .close(let completion):
      defer { completion(.success(())) }
      try flushAndClose()
      throw RabbitMQError(.closed, "the connection was closed")
    }
  }

  private static let channelIsGone = RabbitMQError(.closed, "the channel is closed")

  private func flushAndClose() throws(RabbitMQError) {
    for channel in channels.keys { try sendAcknowledgements(channel) }
    native.close(timeoutSeconds: 5)
  }

  private func openChannel(_ completion: @escaping Completion<UInt16>) throws(RabbitMQError) {
    guard let id = (1...Self.channelLimit).first(where: { channels[$0] == nil }) else {
      return completion(.failure(RabbitMQError(.overloaded, "all \(Self.channelLimit) channels are in use")))
    }
    channels[id] = ChannelState(maxBodyBytes: configuration.maxBodyBytes)
    try call(.openChannel, channel: id) { result in completion(result.map { _ in id }) }
  }

  private func call(
    _ method: OutgoingMethod, channel: UInt16, _ completion: @escaping Completion<MethodReply>
  ) throws(RabbitMQError) {
    guard channels[channel] != nil else { return completion(.failure(Self.channelIsGone)) }
    var pending = ChannelState.PendingCall(completion: completion, deadline: .now + configuration.methodTimeout)
    switch method {
    case .selectConfirms: channels[channel]?.confirms = ConfirmTracker()
    case .cancelConsumer(let tag): pending.cancelledConsumerTag = tag
    case .closeChannel: pending.closesChannel = true
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

  func publish(_ outgoing: OutgoingMessage, channel: UInt16) throws(RabbitMQError) {
    guard !isBlocked else {
      guard held.count < Self.heldPublishLimit else {
        let error = RabbitMQError(.overloaded, "the broker blocks publishing and \(held.count) messages wait")
        outgoing.completion(.failure(error))
        return
      }
      held.append((outgoing, channel))
      return
    }
    guard let sequence = channels[channel].map({ $0.confirms?.nextSequence }) else {
      outgoing.completion(.failure(Self.channelIsGone))
      return
    }
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
