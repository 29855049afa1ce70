/// Divides a fixed number of bytes among callers, first come, first served. Pure.
struct ByteQueue<Token> {
  let limit: Int
  private(set) var used = 0
  private var waiting: [(order: UInt64, bytes: Int, token: Token)] = []

  init(limit: Int) {
    self.limit = limit
  }

  var waitingCount: Int { waiting.count }

  /// Takes bytes if they are free and no caller waits for them.
  mutating func take(_ bytes: Int) -> Bool {
    guard waiting.isEmpty, bytes <= limit - used else { return false }
    used += bytes
    return true
  }

  /// Takes bytes at once, or waits for them behind the callers that wait already.
  /// - Parameters:
  ///   - order: unique; identifies the waiter when it gives up.
  ///   - token: kept while the caller waits, and handed out with the bytes.
  /// - Returns: whether the bytes were taken at once.
  mutating func enter(_ bytes: Int, order: UInt64, token: Token) -> Bool {
    guard !take(bytes) else { return true }
    waiting.append((order, bytes, token))
    return false
  }

  /// Returns bytes.
  /// - Returns: the tokens of the waiters who now have theirs.
  mutating func give(_ bytes: Int) -> [Token] {
    used -= bytes
    return serve()
  }

  /// Removes a waiter.
  /// - Returns: its token, or nil when it has its bytes already; and the tokens of the waiters behind it that now have
  ///   theirs.
  mutating func giveUp(order: UInt64) -> (token: Token?, served: [Token]) {
    guard let index = waiting.firstIndex(where: { $0.order == order }) else { return (nil, []) }
    return (waiting.remove(at: index).token, serve())
  }

  private mutating func serve() -> [Token] {
    var served: [Token] = []
    while let first = waiting.first, first.bytes <= limit - used {
      used += first.bytes
      served.append(first.token)
      waiting.removeFirst()
    }
    return served
  }
}
