import CRabbitMQ
import Foundation

/// The body of a connection's thread: executes the commands of tasks, reads the broker's frames and sends heartbeats.
///
/// It waits only for the socket and the command queue.
final class ConnectionLoop {
  /// The longest sleep of the thread. Heartbeats are due every half interval, and time-outs are checked after each
  /// sleep.
  private static let longestSleepMilliseconds: Int32 = 250
  private static let framesPerTurn = 2048

  let configuration: ConnectionConfiguration
  let commands: CommandQueue
  let onEvent: @Sendable (ConnectionEvent) -> Void
  let native: NativeConnection
  var channels: [UInt16: ChannelState] = [:]
  /// The number of channels opened so far.
  var channelSerial: UInt64 = 0
  /// Commands that were taken from the queue and are not performed yet.
  private var taken: ArraySlice<Command> = []
  /// Messages that wait while the broker blocks the connection.
  var held: ArraySlice<Command> = []
  var isBlocked = false
  /// Channels with acknowledgements to send at the end of the turn.
  var unflushed: Set<UInt16> = []
  private var nextTimeoutCheck = ContinuousClock.now

  init(
    native: consuming NativeConnection, configuration: ConnectionConfiguration, commands: CommandQueue,
    onEvent: @escaping @Sendable (ConnectionEvent) -> Void
  ) {
    self.native = native
    self.configuration = configuration
    self.commands = commands
    self.onEvent = onEvent
  }

  /// Runs until the connection ends, then completes every waiting task with the reason.
  func run() {
    let reason: RabbitMQError
    do throws(RabbitMQError) {
      while true { try turn() }
    } catch {
      reason = error
    }
    commands.end(reason)
    for command in taken { command.fail(reason) }
    for id in channels.keys { channels[id]?.end(reason) }
    for command in held { command.fail(reason) }
    onEvent(.closed(reason))
  }

  private func turn() throws(RabbitMQError) {
    taken = commands.takeAll()[...]
    while let command = taken.popFirst() { try perform(command) }
    try flushAcknowledgements()
    var frameCount = 0
    while frameCount < Self.framesPerTurn, let (channel, frame) = try native.nextFrame() {
      try handle(frame, channel: channel)
      frameCount += 1
    }
    try failOverdue()
    if frameCount < Self.framesPerTurn { sleepUntilReady() }
  }

  private func sleepUntilReady() {
    var descriptors = [
      pollfd(fd: native.socketDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: commands.wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    poll(&descriptors, 2, Self.longestSleepMilliseconds)
  }

  private func flushAcknowledgements() throws(RabbitMQError) {
    for channel in unflushed { try sendAcknowledgements(channel) }
    unflushed.removeAll(keepingCapacity: true)
  }

  func sendAcknowledgements(_ channel: UInt16) throws(RabbitMQError) {
    for ack in channels[channel]?.acknowledgements.flush() ?? [] {
      try native.send(.acknowledge(ack.deliveryTag, multiple: ack.multiple), channel: channel)
    }
  }

  /// Fails overdue confirms. An overdue reply to a method ends the connection: replies come in order, so all later
  /// calls of the channel would wait too.
  private func failOverdue() throws(RabbitMQError) {
    let now = ContinuousClock.now
    guard now >= nextTimeoutCheck else { return }
    nextTimeoutCheck = now + .milliseconds(Int(Self.longestSleepMilliseconds))
    for id in channels.keys {
      if let call = channels[id]?.calls.first, call.deadline < now {
        throw RabbitMQError(.timedOut, "the broker did not answer a method within \(configuration.methodTimeout)")
      }
      for overdue in channels[id]?.confirms?.removeFirst(while: { $0.deadline < now }) ?? [] {
        overdue.completion(
          .failure(RabbitMQError(.timedOut, "no publisher confirm within \(configuration.confirmTimeout)")))
      }
    }
  }
}
