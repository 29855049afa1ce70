import HeapModule
import SpeechCore

/// Requests that wait for a slot, on all transports. Users take turns: the user with the fewest running requests comes
/// first. The requests of one user are ordered by priority, deadline and arrival, so a high priority never delays other
/// users.
struct FairQueue<Element> {
  fileprivate struct User {
    var waiting = Heap<Entry>()
    var runningCount = 0
    var lastTurn: UInt64 = 0
  }

  fileprivate struct Entry: Comparable {
    let element: Element
    let priority: Int
    let deadline: ContinuousClock.Instant?
    let order: UInt64

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }

    static func < (left: Entry, right: Entry) -> Bool {
      if left.priority != right.priority { return left.priority > right.priority }
      switch (left.deadline, right.deadline) {
      case (let first?, let second?) where first != second: return first < second
      case (.some, nil): return true
      case (nil, .some): return false
      default: return left.order < right.order
      }
    }
  }

  /// The users with requests here. The empty name stands for all requests without a user; no limit applies to them.
  private var users: [String: User] = [:]
  private var turn: UInt64 = 0
  private var nextOrder: UInt64 = 0
  private(set) var waitingCount = 0
  private(set) var runningCount = 0
  private let limits: UserLimits
  /// The number of requests that may run at once.
  var slots: Int
  /// The number of requests that may wait at once when several users share the queue.
  var capacity: Int

  init(limits: UserLimits = UserLimits(), slots: Int = .max, capacity: Int = .max) {
    self.limits = limits
    self.slots = slots
    self.capacity = capacity
  }

  /// The number of users with waiting or running requests.
  var userCount: Int { users.count { !$0.key.isEmpty } }
  /// The largest number of waiting and running requests of one user.
  var largestShare: Int {
    users.lazy.filter { !$0.key.isEmpty }.map { $0.value.waiting.count + $0.value.runningCount }.max() ?? 0
  }

  /// Whether one more request of a user may wait here. The share of a user shrinks with the number of waiting users, so
  /// that there is always room for a user without waiting requests.
  func admits(_ user: String) -> Bool {
    guard !limits.isOff, !user.isEmpty else { return true }
    let others = users.count { $0.key != user && !$0.value.waiting.isEmpty }
    let share = max(1, capacity / (others + 1))
    return (users[user]?.waiting.count ?? 0) < (limits.waiting > 0 ? min(limits.waiting, share) : share)
  }

  mutating func push(_ element: Element, user: String, priority: Int = 0, deadline: ContinuousClock.Instant? = nil) {
    let entry = Entry(element: element, priority: priority, deadline: deadline, order: nextOrder)
    users[user, default: User()].waiting.insert(entry)
    nextOrder += 1
    waitingCount += 1
  }

  /// Removes and returns the next request that may run; nil when no slot is free, or no request may run. The request
  /// holds a slot until ``finish(_:)``.
  /// - Parameter fits: returns false for a request that can't run yet; it stays the next one.
  mutating func pop(where fits: (Element) -> Bool = { _ in true }) -> (element: Element, user: String)? {
    guard runningCount < slots else { return nil }
    let candidates = users.filter { name, user in
      !user.waiting.isEmpty && (name.isEmpty || limits.running <= 0 || user.runningCount < limits.running)
    }
    let next = candidates.min {
      ($0.value.runningCount, $0.value.lastTurn, $0.key) < ($1.value.runningCount, $1.value.lastTurn, $1.key)
    }
    guard let name = next?.key, let entry = next?.value.waiting.min, fits(entry.element) else { return nil }
    users[name]?.waiting.removeMin()
    turn += 1
    users[name]?.lastTurn = turn
    users[name]?.runningCount += 1
    waitingCount -= 1
    runningCount += 1
    return (entry.element, name)
  }

  /// Frees the slot of one of the user's requests.
  mutating func finish(_ user: String) {
    users[user]?.runningCount -= 1
    runningCount -= 1
    forgetIfIdle(user)
  }

  /// Removes and returns the waiting elements that satisfy the predicate, in no particular order.
  mutating func removeAll(where predicate: (Element) -> Bool) -> [Element] {
    var removed: [Element] = []
    for (name, user) in users where user.waiting.unordered.contains(where: { predicate($0.element) }) {
      removed += user.waiting.unordered.map(\.element).filter(predicate)
      users[name]?.waiting = Heap(user.waiting.unordered.filter { !predicate($0.element) })
      forgetIfIdle(name)
    }
    waitingCount -= removed.count
    return removed
  }

  private mutating func forgetIfIdle(_ name: String) {
    guard let user = users[name], user.waiting.isEmpty, user.runningCount <= 0 else { return }
    users[name] = nil
  }
}

extension FairQueue: Sendable where Element: Sendable {}
extension FairQueue.User: Sendable where Element: Sendable {}
extension FairQueue.Entry: Sendable where Element: Sendable {}
