import Synchronization

/// Holds the consumer's state machine, and ends the waits for its actions `finish` and `runSuspects`.
final class ConsumerLifecycle: Sendable {
  private let machine = Mutex(ConsumerStateMachine())
  private let (end, sink) = AsyncStream<Void>.makeStream()
  private let (changes, changeSink) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

  var phase: ConsumerStateMachine.Phase { machine.withLock(\.phase) }
  var isDraining: Bool { if case .draining = phase { true } else { false } }

  func accepts(_ kind: ConsumerStateMachine.Kind) -> Bool { machine.withLock { $0.accepts(kind) } }

  /// Counts a delivery, and returns whether it is accepted.
  func received(_ kind: ConsumerStateMachine.Kind) -> Bool { machine.withLock { $0.received(kind) } }

  /// - Returns: the actions that remain for the caller.
  @discardableResult
  func handle(_ event: ConsumerStateMachine.Event) -> [ConsumerStateMachine.Action] {
    let actions = machine.withLock { $0.handle(event) }
    if actions.contains(.finish) { sink.finish() }
    changeSink.yield()
    return actions.filter { $0 != .finish && $0 != .runSuspects }
  }

  /// Returns after the action `finish`, or when the task is cancelled.
  func finished() async {
    for await _ in end {}
  }

  /// Waits while the accepted requests finish. Returns whether suspects may run now; false when the task is cancelled.
  func isCleared() async -> Bool {
    for await _ in changes {
      if case .clearing = phase { continue }
      return phase == .alone
    }
    return false
  }
}
