import Foundation
import RabbitMQ
import Synchronization

/// Hands fetched requests to free slots, best first.
final class RequestScheduler: Sendable {
  private struct State {
    var waiting = DeliveryQueue<FetchedRequest>()
    var slots: Int
    var runningCount = 0
    var isStopped = false
    var idleWaiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let process: @Sendable (FetchedRequest) async -> Settlement

  init(slots: Int, process: @escaping @Sendable (FetchedRequest) async -> Settlement) {
    state = Mutex(State(slots: max(1, slots)))
    self.process = process
  }

  var counts: (running: Int, waiting: Int) { state.withLock { ($0.runningCount, $0.waiting.count) } }

  func setSlots(_ slots: Int) {
    state.withLock { $0.slots = max(1, slots) }
    fillSlots()
  }

  /// Called on a connection's thread: never waits.
  func add(_ request: FetchedRequest) {
    let isStopped = state.withLock { state in
      guard !state.isStopped else { return true }
      state.waiting.push(request, priority: request.envelope.priority, deadline: request.envelope.deadline)
      return false
    }
    if isStopped { request.settle(.requeue) } else { fillSlots() }
  }

  private func fillSlots() {
    while let request = takeNext() {
      Task {
        let settlement = await process(request)
        request.settle(settlement)
        finish()
      }
    }
  }

  private func takeNext() -> FetchedRequest? {
    state.withLock { state in
      guard !state.isStopped, state.runningCount < state.slots, let next = state.waiting.pop() else { return nil }
      state.runningCount += 1
      return next
    }
  }

  private func finish() {
    let waiters = state.withLock { state in
      state.runningCount -= 1
      guard state.runningCount == 0 else { return [CheckedContinuation<Void, Never>]() }
      defer { state.idleWaiters = [] }
      return state.idleWaiters
    }
    for waiter in waiters { waiter.resume() }
    fillSlots()
  }

  /// Forgets what a lost channel delivered: the broker delivers it again.
  func drop(channel: Channel) {
    _ = state.withLock { $0.waiting.removeAll { $0.channel === channel } }
  }

  /// Starts nothing more and gives back what has not started.
  func stop() {
    let unstarted = state.withLock { state in
      state.isStopped = true
      return state.waiting.removeAll { _ in true }
    }
    for request in unstarted { request.settle(.requeue) }
  }

  /// Returns when nothing runs.
  func waitUntilIdle() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        if state.runningCount > 0 { state.idleWaiters.append(continuation) }
        return state.runningCount == 0
      }
      if isIdle { continuation.resume() }
    }
  }
}
