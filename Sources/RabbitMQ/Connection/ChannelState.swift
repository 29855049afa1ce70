import Foundation

/// The state of one channel, used by the connection's thread only.
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

  /// Nil once the channel is being closed: nothing may be sent on it anymore.
  var serial: UInt64?
  /// Calls that wait for their reply. The broker answers the methods of a channel in order.
  var calls: [PendingCall] = []
  var consumers: [String: ConsumerCallbacks] = [:]
  var acknowledgements = AckCoalescer()
  var confirms: ConfirmTracker<Unconfirmed>?
  var assembler: ContentAssembler

  init(serial: UInt64, maxBodyBytes: Int) {
    self.serial = serial
    assembler = ContentAssembler(maxBodyBytes: maxBodyBytes)
  }

  /// Completes all waiting calls and ends all consumers when the channel is closed.
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
