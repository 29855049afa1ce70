import Synchronization

/// Numbers requests in order of arrival and limits the number in the engine, so that a flood is refused on the caller's
/// thread, before its text is read.
final class ConcurrencyLimiter: Sendable {
  private struct State {
    var next = 0
    var live = 0
  }

  private let state = Mutex(State())
  let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Admits a request.
  /// - Returns: the request's number; nil if the limit is reached.
  func enter() -> Int? {
    state.withLock { state in
      guard state.live < limit else { return nil }
      state.live += 1
      defer { state.next += 1 }
      return state.next
    }
  }

  func leave() {
    state.withLock { $0.live -= 1 }
  }

  var live: Int { state.withLock { $0.live } }
}
