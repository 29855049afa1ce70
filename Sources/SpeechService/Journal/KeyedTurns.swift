import SpeechCore
import Synchronization

/// Lets one caller at a time through for each key; the others wait in order.
public final class KeyedTurns: Sendable {
  private struct Waiter {
    var id: Int
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    /// The keys whose turn is taken, with their waiting callers.
    var waiting: [String: [Waiter]] = [:]
    var nextID = 0
  }

  private let state = Mutex(State())

  public init() {}

  /// Waits for the key's turn. Every successful call is paired with one ``leave(_:)``.
  /// - Throws: `cancelled` when the caller is cancelled while it waits.
  public func enter(_ key: String) async throws(SpeechError) {
    let id = state.withLock { state in
      state.nextID &+= 1
      return state.nextID
    }
    let isTurn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          guard state.waiting[key] != nil else {
            state.waiting[key] = []
            return true
          }
          guard !Task.isCancelled else { return false }
          state.waiting[key]?.append(Waiter(id: id, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting[key]?.firstIndex { $0.id == id }.flatMap { state.waiting[key]?.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: false)
    }
    guard isTurn else { throw SpeechError(.cancelled, "the request was cancelled") }
  }

  /// Ends the turn of a caller that has entered.
  public func leave(_ key: String) {
    let next = state.withLock { state -> Waiter? in
      guard state.waiting[key]?.isEmpty == false else {
        state.waiting[key] = nil
        return nil
      }
      return state.waiting[key]?.removeFirst()
    }
    next?.continuation.resume(returning: true)
  }

  /// Callers that wait for the key; for tests.
  func waitingCount(_ key: String) -> Int { state.withLock { $0.waiting[key]?.count ?? 0 } }
}
