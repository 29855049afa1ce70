import Foundation

/// One channel as the connection's thread sees it.
struct ChannelState {
  struct PendingCall {
    var completion: Completion<MethodReply>
    var deadline: ContinuousClock.Instant
    /// Set for `basic.cancel`.
    var cancelledConsumerTag: String?
    /// Set for `channel.close`.
    var closesChannel = false
  }

  struct Unconfirmed {
    var completion: Completion<PublishOutcome>
    var deadline: ContinuousClock.Instant
    var outcome = PublishOutcome.confirmed
  }

  /// The broker answers a channel's methods in order.
  var calls: [PendingCall] = []
  var consumers: [String: ConsumerCallbacks] = [:]
  var acknowledgements = AckCoalescer()
  var confirms: ConfirmTracker<Unconfirmed>?
  var assembler: ContentAssembler

  init(maxBodyBytes: Int) { assembler = ContentAssembler(maxBodyBytes: maxBodyBytes) }

  /// Tells everyone who waits that the channel is gone.
  mutating func end(_ error: RabbitMQError) {
    for call in calls {
      if call.closesChannel { call.completion(.success(.done)) } else { call.completion(.failure(error)) }
    }
    calls = []
    for unconfirmed in confirms?.removeAll() ?? [] { unconfirmed.completion(.failure(error)) }
    for consumer in consumers.values { consumer.onEnd(error) }
    consumers = [:]
  }
}
