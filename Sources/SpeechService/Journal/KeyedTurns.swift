/// Lets one caller at a time through for each key; the others wait in order.
actor KeyedTurns {
  private struct Waiter {
    var id: Int
    var continuation: CheckedContinuation<Bool, Never>
  }

  private var waiting: [String: [Waiter]] = [:]
  private var nextID = 0

  /// Waits for the key's turn. Every successful call is paired with one ``leave(_:)``.
  /// - Throws: `CancellationError` when the caller is cancelled while it waits.
  func enter(_ key: String) async throws {
    guard waiting[key] != nil else {
      waiting[key] = []
      return
    }
    let id = nextID
    nextID &+= 1
    let isTurn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(returning: false)
        } else {
          waiting[key]?.append(Waiter(id: id, continuation: continuation))
        }
      }
    } onCancel: {
      Task { await self.abandon(id, key) }
    }
    guard isTurn else { throw CancellationError() }
  }

  func leave(_ key: String) {
    guard var waiters = waiting[key], !waiters.isEmpty else {
      waiting[key] = nil
      return
    }
    let next = waiters.removeFirst()
    waiting[key] = waiters
    next.continuation.resume(returning: true)
  }

  private func abandon(_ id: Int, _ key: String) {
    guard let index = waiting[key]?.firstIndex(where: { $0.id == id }) else { return }
    waiting[key]?.remove(at: index).continuation.resume(returning: false)
  }

  /// Callers that wait for the key; for tests.
  func waitingCount(_ key: String) -> Int { waiting[key]?.count ?? 0 }
}
