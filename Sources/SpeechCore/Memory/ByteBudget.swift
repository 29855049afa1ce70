import Synchronization

/// A number of bytes that all requests together may hold of one kind of data. Waiters are served in their order.
public final class ByteBudget: Sendable {
  private struct State {
    var queue: ByteQueue<CheckedContinuation<Bool, Never>>
    var nextOrder: UInt64 = 0
    var onRelease: [@Sendable () -> Void] = []
  }

  /// The bytes of the whole budget.
  public let limit: Int
  private let data: String
  private let tooLarge: SpeechError.Code
  private let state: Mutex<State>

  /// - Parameters:
  ///   - data: the name of the data in error messages, as a plural.
  ///   - tooLarge: the error of a request that needs more than the whole budget.
  public init(limit: Int, of data: String, tooLarge: SpeechError.Code = .invalidRequest) {
    self.limit = limit
    self.data = data
    self.tooLarge = tooLarge
    state = Mutex(State(queue: ByteQueue(limit: limit)))
  }

  /// Bytes that are reserved now.
  public var usedBytes: Int { state.withLock(\.queue.used) }
  /// Requests that wait for bytes now.
  public var waitingCount: Int { state.withLock(\.queue.waitingCount) }
  /// Whether a request that can't wait is better refused before it begins.
  public var isExhausted: Bool { state.withLock { $0.queue.waitingCount > 0 || $0.queue.used >= $0.queue.limit } }

  /// Adds a function that is called after each release of bytes, for callers that retry ``ByteReservation/take(_:field:)``.
  public func onRelease(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onRelease.append(action) } }

  /// A reservation that holds nothing yet.
  public func reservation() -> ByteReservation { ByteReservation(self) }

  /// The error of a request that can't wait.
  public func exhausted(field: String? = nil) -> SpeechError {
    SpeechError(.overloaded, "the service holds as many bytes of \(data) as it may; try again later", field: field)
  }

  private func check(_ bytes: Int, field: String?) throws(SpeechError) {
    guard bytes <= limit else {
      throw SpeechError(tooLarge, "\(bytes) bytes of \(data) are needed; at most \(limit) are allowed", field: field)
    }
  }

  /// - Parameter held: bytes that the reservation has already.
  fileprivate func take(_ bytes: Int, beside held: Int, field: String?) throws(SpeechError) {
    try check(held + bytes, field: field)
    guard state.withLock({ $0.queue.take(bytes) }) else { throw exhausted(field: field) }
  }

  fileprivate func wait(for bytes: Int, field: String?) async throws(SpeechError) {
    try check(bytes, field: field)
    let order = state.withLock { state in
      state.nextOrder += 1
      return state.nextOrder
    }
    let isTaken = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          // Cancelled before it entered: the handler below found nothing to end.
          guard !Task.isCancelled else { return false }
          return state.queue.enter(bytes, order: order, token: continuation) ? true : nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let (waiter, served) = state.withLock { $0.queue.giveUp(order: order) }
      waiter?.resume(returning: false)
      for continuation in served { continuation.resume(returning: true) }
    }
    guard isTaken else { throw SpeechError(.cancelled, "the request was cancelled") }
  }

  fileprivate func give(_ bytes: Int) {
    guard bytes > 0 else { return }
    let (served, actions) = state.withLock { ($0.queue.give(bytes), $0.onRelease) }
    for continuation in served { continuation.resume(returning: true) }
    for action in actions { action() }
  }
}

/// The bytes that one request holds of a budget. ``release()`` returns them, at the latest when the reservation is
/// deallocated.
public final class ByteReservation: Sendable {
  private let budget: ByteBudget
  private let held = Mutex(0)

  fileprivate init(_ budget: ByteBudget) {
    self.budget = budget
  }

  deinit { release() }

  /// The bytes that it holds now.
  public var bytes: Int { held.withLock { $0 } }

  /// Takes more bytes at once.
  /// - Throws: `overloaded` when they are not free; the budget's own error when the reservation would be larger than
  ///   the budget.
  public func take(_ bytes: Int, field: String? = nil) throws(SpeechError) {
    guard bytes > 0 else { return }
    try budget.take(bytes, beside: self.bytes, field: field)
    held.withLock { $0 += bytes }
  }

  /// Waits for bytes. Only for a reservation that holds nothing: two that hold a share and wait for more would wait for
  /// each other.
  /// - Throws: `cancelled` when the task is; the budget's own error for more than the whole budget.
  public func wait(for bytes: Int, field: String? = nil) async throws(SpeechError) {
    guard bytes > 0 else { return }
    try await budget.wait(for: bytes, field: field)
    held.withLock { $0 += bytes }
  }

  /// Returns all but so many bytes to the budget.
  public func shrink(to bytes: Int) {
    budget.give(
      held.withLock { held in
        let kept = min(max(0, bytes), held)
        defer { held = kept }
        return held - kept
      })
  }

  /// Returns everything to the budget; safe to repeat.
  public func release() { shrink(to: 0) }
}
