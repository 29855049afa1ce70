import Foundation
import SpeechCore

/// Fetched requests that wait for a slot. Users take turns: the user with the fewest running requests comes first. The
/// requests of one user are ordered by priority, deadline and arrival, so a high priority never delays other users.
struct FairLine<Element> {
  struct UserLine {
    var waiting = DeliveryQueue<Element>()
    var runningCount = 0
    var lastTurn: UInt64 = 0
  }

  /// Waiting requests by user. The empty name stands for all requests without a user; no limit applies to them.
  private var lines: [String: UserLine] = [:]
  private var turn: UInt64 = 0
  private(set) var count = 0
  let limits: UserLimits
  /// The number of requests that may wait at once when several users share the line.
  let capacity: Int

  init(limits: UserLimits = UserLimits(), capacity: Int = .max) {
    self.limits = limits
    self.capacity = capacity
  }

  var isEmpty: Bool { count == 0 }
  /// The number of users with waiting or running requests.
  var userCount: Int { lines.count { !$0.key.isEmpty } }
  /// The largest number of waiting and running requests of one user.
  var largestShare: Int {
    lines.lazy.filter { !$0.key.isEmpty }.map { $0.value.waiting.count + $0.value.runningCount }.max() ?? 0
  }

  /// Whether one more request of a user may wait here. The share of a user shrinks with the number of waiting users, so
  /// that there is always room for a user without waiting requests.
  func admits(_ user: String) -> Bool {
    guard !limits.isOff, !user.isEmpty else { return true }
    let others = lines.count { $0.key != user && !$0.value.waiting.isEmpty }
    let share = max(1, capacity / (others + 1))
    return (lines[user]?.waiting.count ?? 0) < (limits.waiting > 0 ? min(limits.waiting, share) : share)
  }

  mutating func push(_ element: Element, user: String, priority: Int, deadline: Date?) {
    lines[user, default: UserLine()].waiting.push(element, priority: priority, deadline: deadline)
    count += 1
  }

  /// Removes and returns the next request that may run. It counts as running until ``finish(_:)``.
  mutating func pop() -> (element: Element, user: String)? {
    let candidates = lines.filter { user, line in
      !line.waiting.isEmpty && (user.isEmpty || limits.running <= 0 || line.runningCount < limits.running)
    }
    let next = candidates.min {
      ($0.value.runningCount, $0.value.lastTurn, $0.key) < ($1.value.runningCount, $1.value.lastTurn, $1.key)
    }
    guard let user = next?.key, let element = lines[user]?.waiting.pop() else { return nil }
    turn += 1
    lines[user]?.lastTurn = turn
    lines[user]?.runningCount += 1
    count -= 1
    return (element, user)
  }

  /// Call it when a request of the user has finished.
  mutating func finish(_ user: String) {
    lines[user]?.runningCount -= 1
    forgetIfIdle(user)
  }

  /// Removes and returns all elements that satisfy the predicate, in no particular order.
  mutating func removeAll(where predicate: (Element) -> Bool) -> [Element] {
    var removed: [Element] = []
    for user in lines.keys {
      removed += lines[user]?.waiting.removeAll(where: predicate) ?? []
      forgetIfIdle(user)
    }
    count -= removed.count
    return removed
  }

  private mutating func forgetIfIdle(_ user: String) {
    guard let line = lines[user], line.waiting.isEmpty, line.runningCount <= 0 else { return }
    lines[user] = nil
  }
}

extension FairLine: Sendable where Element: Sendable {}
extension FairLine.UserLine: Sendable where Element: Sendable {}
