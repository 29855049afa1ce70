import SpeechCore
import Synchronization

/// Grants slots to the requests of all transports, in the order of one fair queue. The next request waits there for a
/// slot and for the memory of its reply, so no request holds a slot without its memory.
///
/// A transport that holds many requests without a task for each uses ``enter(_:start:)``; one that has a task for each
/// request uses ``slot(for:)``. The transport decides what happens to a request whose user has its share of waiting
/// requests: the bus returns it to the end of its queue, HTTP answers 429.
public final class AdmissionControl: Sendable {
  private struct Waiter: Sendable {
    var id: UInt64
    var claim: Claim
    /// Called once: with the slot, or with nil when the request was withdrawn.
    var start: @Sendable (Slot?) -> Void
  }

  private struct State {
    var queue: FairQueue<Waiter>
    var nextID: UInt64 = 0

    mutating func push(_ waiter: Waiter) {
      let claim = waiter.claim
      queue.push(waiter, user: claim.user, priority: claim.priority, deadline: claim.deadline)
    }
  }

  /// The properties of a request that the queue decides by.
  public struct Claim: Sendable, Equatable {
    /// Empty when the request names no user; such requests have no limit.
    public var user: String
    /// 0 to 9, higher first.
    public var priority: Int
    /// The wait ends with `deadline_exceeded` after it; nil: never.
    public var deadline: ContinuousClock.Instant?
    /// The memory that the slot comes with.
    public var replyBytes: Int
    /// Identifies the request, to withdraw it.
    public var requestID: String?
    /// The connection or channel the request belongs to, to withdraw its requests together.
    public var source: ObjectIdentifier?

    public init(
      user: String?, priority: Int = 0, deadline: ContinuousClock.Instant? = nil, replyBytes: Int = 0,
      requestID: String? = nil, source: ObjectIdentifier? = nil
    ) {
      self.user = user ?? ""
      self.priority = priority
      self.deadline = deadline
      self.replyBytes = replyBytes
      self.requestID = requestID
      self.source = source
    }
  }

  /// A snapshot for health checks and gauges.
  public struct Counts: Sendable, Equatable {
    /// Requests that hold a slot.
    public var running: Int
    /// Requests that wait for a slot.
    public var waiting: Int
    /// Users with waiting or running requests.
    public var users: Int
    /// The largest number of waiting and running requests of one user.
    public var largestShare: Int
  }

  /// The error of a request whose user has its share of waiting requests.
  public static let shareExhausted = SpeechError(
    .overloaded, "too many requests of this user wait already; try again later", field: "user_id")

  private let state: Mutex<State>
  private let replies: ByteBudget
  private let onRefusal: @Sendable () -> Void

  /// - Parameters:
  ///   - slots: the number of requests that run at once.
  ///   - capacity: the number of requests that may wait when several users share the queue.
  ///   - replies: the memory of replies.
  ///   - onRefusal: called when ``slot(for:)`` refuses a request.
  public init(
    limits: UserLimits = UserLimits(), slots: Int = .max, capacity: Int = .max,
    replies: ByteBudget = MemoryBudgets().replies, onRefusal: @escaping @Sendable () -> Void = {}
  ) {
    state = Mutex(State(queue: FairQueue(limits: limits, slots: max(1, slots), capacity: capacity)))
    self.replies = replies
    self.onRefusal = onRefusal
    replies.onRelease { [weak self] in self?.grant() }
  }

  /// A snapshot of the queue.
  public var counts: Counts {
    state.withLock {
      Counts(
        running: $0.queue.runningCount, waiting: $0.queue.waitingCount, users: $0.queue.userCount,
        largestShare: $0.queue.largestShare)
    }
  }

  /// Whether all slots are taken.
  public var isFull: Bool { state.withLock { $0.queue.runningCount >= $0.queue.slots } }

  /// Changes the number of slots, and the number of waiting requests when it is given.
  public func resize(slots: Int, capacity: Int? = nil) {
    state.withLock { state in
      state.queue.slots = max(1, slots)
      if let capacity { state.queue.capacity = capacity }
    }
    grant()
  }

  /// Queues a request. It returns at once.
  /// - Parameter start: called once, possibly before the return: with the request's slot, or with nil when the request
  ///   was withdrawn. It must not block.
  /// - Returns: false when the user has its share of waiting requests; `start` is then never called.
  public func enter(_ claim: Claim, start: @escaping @Sendable (Slot?) -> Void) -> Bool {
    let isAdmitted = state.withLock { state in
      guard state.queue.admits(claim.user) else { return false }
      state.nextID += 1
      state.push(Waiter(id: state.nextID, claim: claim, start: start))
      return true
    }
    if isAdmitted { grant() }
    return isAdmitted
  }

  /// Waits for a slot.
  /// - Throws: `overloaded` when the user has its share of waiting requests; `cancelled` when the task is cancelled.
  public func slot(for claim: Claim) async throws(SpeechError) -> Slot {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let result: Result<Slot, SpeechError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let cancelled = SpeechError(.cancelled, "the request was cancelled")
        let refusal = state.withLock { state -> SpeechError? in
          // A cancellation before this point found no waiter to withdraw.
          guard !Task.isCancelled else { return cancelled }
          guard state.queue.admits(claim.user) else { return Self.shareExhausted }
          state.push(
            Waiter(id: id, claim: claim) { slot in
              continuation.resume(returning: slot.map { .success($0) } ?? .failure(cancelled))
            })
          return nil
        }
        if let refusal { continuation.resume(returning: .failure(refusal)) } else { grant() }
      }
    } onCancel: {
      withdraw { $0.id == id }
    }
    if case .failure(Self.shareExhausted) = result { onRefusal() }
    return try result.get()
  }

  /// Removes the waiting requests of a source.
  public func withdraw(source: ObjectIdentifier) { withdraw { $0.claim.source == source } }

  /// Removes a request if it waits.
  public func withdraw(requestID: String) { withdraw { $0.claim.requestID == requestID } }

  private func withdraw(where predicate: (Waiter) -> Bool) {
    for waiter in state.withLock({ $0.queue.removeAll(where: predicate) }) { waiter.start(nil) }
    grant()
  }

  private func grant() {
    while true {
      let memory = replies.reservation()
      guard let (waiter, user) = state.withLock({ $0.queue.pop { (try? memory.take($0.claim.replyBytes)) != nil } })
      else { return }
      waiter.start(Slot(memory: memory) { [weak self] in self?.release(user) })
    }
  }

  private func release(_ user: String) {
    state.withLock { $0.queue.finish(user) }
    grant()
  }
}

/// The right to run one request. ``release()`` returns it, at the latest when the slot is deallocated.
public final class Slot: Sendable {
  /// The memory of the reply. It may be held longer than the slot.
  public let memory: ByteReservation
  private let onRelease: Mutex<(@Sendable () -> Void)?>

  init(memory: ByteReservation, onRelease: @escaping @Sendable () -> Void) {
    self.memory = memory
    self.onRelease = Mutex(onRelease)
  }

  deinit { release() }

  /// Returns the slot; safe to repeat.
  public func release() {
    onRelease.withLock { action in
      defer { action = nil }
      return action
    }?()
  }
}
