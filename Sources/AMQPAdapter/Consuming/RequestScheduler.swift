import Foundation
import RabbitMQ
import Synchronization

/// Assigns fetched requests to free slots: users take turns, and each user's most urgent request comes first. A slot is
/// held only for the work itself. The reply and the acknowledgement wait for disks and confirms, so they need no slot.
final class RequestScheduler: Sendable {
  private struct State {
    var waiting: FairLine<FetchedRequest>
    var slots: Int
    var runningCount = 0
    /// Requests whose reply is being sent, or that are being requeued. The prefetch limits their number.
    var settlingCount = 0
    var isStopped = false
    var idleWaiters: [CheckedContinuation<Void, Never>] = []

    var isIdle: Bool { runningCount == 0 && settlingCount == 0 }
  }

  private let state: Mutex<State>
  private let postpone: @Sendable (FetchedRequest) async -> Settlement
  private let work: @Sendable (FetchedRequest) async -> Ending

  /// - Parameters:
  ///   - postpone: called for a request that the line does not admit; returns its settlement.
  ///   - work: the work that occupies a slot. It returns the function that replies and settles.
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

  /// Adds a delivered request. Called on a connection's thread, so it never waits.
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

  /// Removes the waiting requests of a lost channel, because the broker redelivers them.
  func drop(channel: Channel) {
    _ = state.withLock { $0.waiting.removeAll { $0.channel === channel } }
  }

  /// Starts no further requests and requeues the waiting ones.
  func stop() {
    let unstarted = state.withLock { state in
      state.isStopped = true
      return state.waiting.removeAll { _ in true }
    }
    for request in unstarted { request.settle(.requeue) }
  }

  /// Waits until no request is running and all are settled.
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
