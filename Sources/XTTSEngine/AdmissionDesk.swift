import Synchronization

/// Numbers requests in order of arrival and bounds how many the engine is told of, so that a flood is refused on the
/// caller's thread, before its text is read.
final class AdmissionDesk: Sendable {
  private struct State {
    var next = 0
    var live = 0
  }

  private let state = Mutex(State())
  let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// - Returns: the request's number; nil when there are too many already.
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
