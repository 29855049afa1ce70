import SpeechCore

/// Whose requests run and whose wait, for callers who hold a line open meanwhile: within a user, first come first served.
struct UserTurns<Token> {
  enum Entrance {
    case runs
    case waits
    /// The user has enough waiting.
    case refused
  }

  private struct Turns {
    var runningCount = 0
    var waiting: [(order: UInt64, token: Token)] = []
  }

  private var users: [String: Turns] = [:]
  private let limits: UserLimits

  init(limits: UserLimits) {
    self.limits = limits
  }

  /// Users with requests waiting or running.
  var userCount: Int { users.count }

  /// - Parameters:
  ///   - order: unique; names the request when it gives up waiting.
  ///   - token: kept when the request waits, and handed out at its turn.
  mutating func enter(_ user: String, order: UInt64, token: Token) -> Entrance {
    var turns = users[user] ?? Turns()
    defer { users[user] = turns.runningCount > 0 ? turns : nil }
    if limits.running <= 0 {
      // Nothing waits here, so what may wait and what may run are one number.
      guard limits.waiting <= 0 || turns.runningCount < limits.waiting else { return .refused }
    } else if turns.runningCount >= limits.running {
      guard limits.waiting <= 0 || turns.waiting.count < limits.waiting else { return .refused }
      turns.waiting.append((order, token))
      return .waits
    }
    turns.runningCount += 1
    return .runs
  }

  /// A running request is done. Returns the token of the one that takes its place.
  mutating func leave(_ user: String) -> Token? {
    guard var turns = users[user] else { return nil }
    defer { users[user] = turns.runningCount > 0 ? turns : nil }
    guard !turns.waiting.isEmpty else {
      turns.runningCount -= 1
      return nil
    }
    return turns.waiting.removeFirst().token
  }

  /// A waiting request gives up. Returns its token, or nil when its turn came already.
  mutating func giveUp(_ user: String, order: UInt64) -> Token? {
    guard let index = users[user]?.waiting.firstIndex(where: { $0.order == order }) else { return nil }
    return users[user]?.waiting.remove(at: index).token
  }
}
