import CRabbitMQ
import Foundation
import Synchronization

/// One channel of a connection. A later channel may have the same number; its serial number differs.
struct ChannelID: Sendable, Equatable {
  var number: UInt16
  var serial: UInt64
}

/// A request of a task to a connection's thread.
enum Command: Sendable {
  case openChannel(Completion<ChannelID>)
  case call(OutgoingMethod, channel: ChannelID, Completion<MethodReply>)
  case consume(ConsumeOptions, channel: ChannelID, ConsumerCallbacks, Completion<MethodReply>)
  case acknowledge(UInt64, channel: ChannelID)
  case reject(UInt64, requeue: Bool, channel: ChannelID)
  case publish(OutgoingMessage, channel: ChannelID)
  case close(Completion<Void>)

  /// The channel that must be open.
  var channel: ChannelID? {
    switch self {
    case .call(_, let channel, _), .consume(_, let channel, _, _), .acknowledge(_, let channel),
      .reject(_, _, let channel), .publish(_, let channel):
      channel
    case .openChannel, .close: nil
    }
  }
}

typealias Completion<Value> = @Sendable (Result<Value, RabbitMQError>) -> Void

/// The closures of a consumer. They run on the connection's thread and must not block.
struct ConsumerCallbacks: Sendable {
  var onDelivery: @Sendable (Delivery) -> Void
  /// Called once when the broker cancels the consumer or the channel ends.
  var onEnd: @Sendable (RabbitMQError) -> Void
}

struct OutgoingMessage: Sendable {
  var message: Message
  var exchange: String
  var routingKey: String
  var mandatory: Bool
  /// Called at the confirm; on a channel without confirms, when the message was sent.
  var completion: Completion<PublishOutcome>
}

/// Passes commands to a connection's thread and wakes it.
final class CommandQueue: Sendable {
  private struct State {
    var commands: [Command] = []
    var failure: RabbitMQError?
  }

  private let state = Mutex(State())
  /// An eventfd that is readable while commands wait.
  let wakeDescriptor: Int32

  init() throws(RabbitMQError) {
    wakeDescriptor = rabbitmq_wake_open()
    guard wakeDescriptor >= 0 else {
      throw RabbitMQError(.connectFailed, "no file descriptor to wake the connection's thread")
    }
  }

  deinit { Foundation.close(wakeDescriptor) }

  func submit(_ command: Command) {
    let (failure, wakes): (RabbitMQError?, Bool) = state.withLock { state in
      if let failure = state.failure { return (failure, false) }
      state.commands.append(command)
      return (nil, state.commands.count == 1)
    }
    if let failure { command.fail(failure) }
    if wakes { rabbitmq_wake_signal(wakeDescriptor) }
  }

  /// Removes and returns all waiting commands, in order, and resets the wake-up.
  func takeAll() -> [Command] {
    state.withLock { state in
      guard !state.commands.isEmpty else { return [] }
      rabbitmq_wake_reset(wakeDescriptor)
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Fails all waiting commands and all later ones.
  func end(_ failure: RabbitMQError) {
    let waiting = state.withLock { state in
      state.failure = failure
      defer { state.commands = [] }
      return state.commands
    }
    for command in waiting { command.fail(failure) }
  }
}

extension Command {
  func fail(_ error: RabbitMQError) {
    switch self {
    case .openChannel(let completion): completion(.failure(error))
    case .call(_, _, let completion): completion(.failure(error))
    case .consume(_, _, let callbacks, let completion):
      completion(.failure(error))
      callbacks.onEnd(error)
    case .publish(let outgoing, _): outgoing.completion(.failure(error))
    case .close(let completion): completion(.success(()))
    case .acknowledge, .reject: break
    }
  }
}
