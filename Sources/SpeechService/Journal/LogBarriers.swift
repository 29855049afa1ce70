/// Callers that wait until the log was read to its end.
///
/// One barrier is in the log at a time. Callers that arrive meanwhile share the next one: the replies that they wait
/// for may have been published after the first.
struct LogBarriers<Waiter> {
  private var published: (id: String, waiters: [Int: Waiter])?
  private var next: [Int: Waiter] = [:]
  private var lastNumber = 0

  /// - Returns: the number by which the caller can be removed.
  mutating func number() -> Int {
    lastNumber += 1
    return lastNumber
  }

  mutating func add(_ waiter: Waiter, number: Int) { next[number] = waiter }

  /// - Returns: whether the barrier must be published: callers wait, and no other barrier is in the log.
  mutating func publish(_ id: String) -> Bool {
    guard published == nil, !next.isEmpty else { return false }
    (published, next) = ((id, next), [:])
    return true
  }

  /// - Returns: the callers that waited for the barrier.
  mutating func end(_ id: String) -> [Waiter] {
    guard let barrier = published, barrier.id == id else { return [] }
    published = nil
    return Array(barrier.waiters.values)
  }

  /// Ends the wait of one caller. A barrier without waiting callers may be lost, so it no longer blocks the next one.
  mutating func remove(_ number: Int) -> Waiter? {
    if let waiter = next.removeValue(forKey: number) { return waiter }
    let waiter = published?.waiters.removeValue(forKey: number)
    if published?.waiters.isEmpty == true { published = nil }
    return waiter
  }
}
