import Synchronization

/// Holds the consumer's state machine, and ends the wait of ``finished()`` at its action `finish`.
final class ConsumerLifecycle: Sendable {
  private let machine = Mutex(ConsumerStateMachine())
  private let (end, sink) = AsyncStream<Void>.makeStream()

  var phase: ConsumerStateMachine.Phase { machine.withLock(\.phase) }
  var acceptsWork: Bool { machine.withLock(\.acceptsWork) }

  /// Counts a delivery, and returns whether it is accepted.
  func received() -> Bool { machine.withLock { $0.received() } }

  /// - Returns: the actions that remain for the caller.
  @discardableResult
  func handle(_ event: ConsumerStateMachine.Event) -> [ConsumerStateMachine.Action] {
    let actions = machine.withLock { $0.handle(event) }
    if actions.contains(.finish) { sink.finish() }
    return actions.filter { $0 != .finish }
  }

  /// Returns after the action `finish`, or when the task is cancelled.
  func finished() async {
    for await _ in end {}
  }
}
