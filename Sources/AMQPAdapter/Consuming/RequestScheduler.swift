import Foundation
import RabbitMQ
import Synchronization

/// Hands fetched requests to free slots: users in turn, each user's best first. A slot is for work: telling the requester
/// and the broker how it ended waits for disks and confirms, and holds none.
final class RequestScheduler: Sendable {
  private struct State {
    var waiting: FairLine<FetchedRequest>
    var slots: Int
    var runningCount = 0
    /// Requests being answered, or on their way back to the queue. The prefetch bounds them.
    var settlingCount = 0
    var isStopped = false
    var idleWaiters: [CheckedContinuation<Void, Never>] = []

    var isIdle: Bool { runningCount == 0 && settlingCount == 0 }
  }

  private let state: Mutex<State>
  private let postpone: @Sendable (FetchedRequest) async -> Settlement
  private let work: @Sendable (FetchedRequest) async -> Ending

  /// - Parameters:
  ///   - postpone: what becomes of a request that the line does not admit, or whose body is too much to hold now.
  ///   - work: what a slot is held for.
  init(
    slots: Int, line: FairLine<FetchedRequest> = FairLine(),
    postpone: @escaping @Sendable (FetchedRequest) async -> Settlement = { _ in .requeue },
    work: @escaping @Sendable (FetchedRequest) async -> Ending
  ) {
    state = Mutex(State(waiting: line, slots: max(1, slots)))
    self.postpone = postpone
    self.work = work
  }

  var counts: (running: Int, waiting: Int, users: Int, largestShare: Int) {
    state.withLock { ($0.runningCount, $0.waiting.count, $0.waiting.userCount, $0.waiting.largestShare) }
  }

  func setSlots(_ slots: Int) {
    state.withLock { $0.slots = max(1, slots) }
    fillSlots()
  }

  /// Called on a connection's thread: never waits.
  func add(_ request: FetchedRequest) {
    enum Place { case none, line, queue }
    let place = state.withLock { state -> Place in
      guard !state.isStopped else { return .none }
      guard request.fitsMemory, state.waiting.admits(request.userID) else {
        state.settlingCount += 1
        return .queue
      }
      state.waiting.push(
        request, user: request.userID, priority: request.envelope.priority, deadline: request.envelope.deadline)
      return .line
    }
    switch place {
    case .none: request.settle(.requeue)
    case .line: fillSlots()
    case .queue: sendBack(request)
    }
  }

  private func sendBack(_ request: FetchedRequest) {
    Task {
      request.settle(await postpone(request))
      settled()
    }
  }

  private func fillSlots() {
    while let (request, user) = takeNext() {
      Task {
        let settle = await work(request)
        state.withLock { state in
          state.runningCount -= 1
          state.settlingCount += 1
          state.waiting.finish(user)
        }
        fillSlots()
        request.settle(await settle())
        settled()
      }
    }
  }

  private func takeNext() -> (FetchedRequest, user: String)? {
    state.withLock { state in
      guard !state.isStopped, state.runningCount < state.slots, let next = state.waiting.pop() else { return nil }
      state.runningCount += 1
      return next
    }
  }

  private func settled() {
    let waiters = state.withLock { state in
      state.settlingCount -= 1
      guard state.isIdle else { return [CheckedContinuation<Void, Never>]() }
      defer { state.idleWaiters = [] }
      return state.idleWaiters
    }
    for waiter in waiters { waiter.resume() }
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

  /// Returns when nothing runs and all is settled.
  func waitUntilIdle() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        if !state.isIdle { state.idleWaiters.append(continuation) }
        return state.isIdle
      }
      if isIdle { continuation.resume() }
    }
  }
}
