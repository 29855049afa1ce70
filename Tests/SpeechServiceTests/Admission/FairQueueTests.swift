import SpeechCore
import Testing

@testable import SpeechService

struct FairQueueTests {
  private func queue(
    _ users: String, _ limits: UserLimits = UserLimits(), slots: Int = .max, capacity: Int = .max
  ) -> FairQueue<String> {
    var queue = FairQueue<String>(limits: limits, slots: slots, capacity: capacity)
    for (index, user) in users.enumerated() { queue.push("\(user)\(index)", user: user == "-" ? "" : "\(user)") }
    return queue
  }

  /// The order of the requests if each finishes before the next one begins.
  private func served(_ queue: FairQueue<String>) -> [String] {
    var queue = queue
    var order: [String] = []
    while let (element, user) = queue.pop() {
      order.append(element)
      queue.finish(user)
    }
    return order
  }

  @Test func usersTakeTurns() {
    #expect(served(queue("aaaabbc")) == ["a0", "b4", "c6", "a1", "b5", "a2", "a3"])
    #expect(served(queue("a-a-")) == ["-1", "a0", "-3", "a2"])
  }

  @Test func theUserWithTheFewestRunningRequestsIsNext() {
    var queue = queue("aaab")
    #expect(queue.pop()?.element == "a0")
    #expect(queue.pop()?.element == "b3")
    queue.push("b4", user: "b")
    queue.finish("b")
    #expect(queue.pop()?.element == "b4")
    #expect(queue.largestShare == 3 && queue.userCount == 2)
  }

  @Test func priorityCountsWithinAUserOnly() {
    var queue = FairQueue<String>()
    queue.push("a-low", user: "a")
    queue.push("b-low", user: "b")
    queue.push("b-high", user: "b", priority: 9)
    queue.push("b-higher-later", user: "b", priority: 9)
    #expect(served(queue) == ["a-low", "b-high", "b-higher-later", "b-low"])
  }

  @Test func aUserIsServedByPriorityThenDeadlineThenArrival() {
    var queue = FairQueue<String>()
    let now = ContinuousClock.now
    queue.push("a", user: "u")
    queue.push("b", user: "u", priority: 5)
    queue.push("c", user: "u", priority: 5, deadline: now + .seconds(2))
    queue.push("d", user: "u", priority: 5, deadline: now + .seconds(1))
    queue.push("e", user: "u", priority: 9)
    queue.push("f", user: "u")
    #expect(served(queue) == ["e", "d", "c", "b", "a", "f"])
    let names = (0..<200).map(String.init)
    for name in names { queue.push(name, user: "v", priority: 3) }
    #expect(served(queue).filter { names.contains($0) } == names)
  }

  @Test func noMoreRequestsRunThanThereAreSlots() {
    var queue = queue("ab-", slots: 2)
    #expect(queue.pop()?.element == "-2" && queue.pop()?.element == "a0" && queue.pop() == nil)
    queue.finish("a")
    #expect(queue.pop()?.element == "b1" && queue.runningCount == 2)
    queue.slots = 3
    #expect(queue.pop() == nil && queue.waitingCount == 0)
  }

  @Test func noUserRunsMoreThanItsLimit() {
    var queue = queue("aaa---", UserLimits(running: 2))
    var started: [String] = []
    while let next = queue.pop() { started.append(next.element) }
    #expect(Set(started) == ["a0", "a1", "-3", "-4", "-5"])
    queue.finish("a")
    #expect(queue.pop()?.element == "a2" && queue.waitingCount == 0)
  }

  @Test func aUserMayHoldItsLimitAndLessWhenOthersWait() {
    let limits = UserLimits(waiting: 3)
    #expect(queue("aa", limits, capacity: 6).admits("a"))
    #expect(!queue("aaa", limits, capacity: 6).admits("a"))
    #expect(queue("aaa", limits, capacity: 6).admits("b"))
    #expect(!queue("aab", limits, capacity: 4).admits("a"))
    // With any number of waiting users, a user without waiting requests is admitted.
    #expect(queue("abcdef", limits, capacity: 2).admits("g"))
    #expect(!queue("abcdef", limits, capacity: 2).admits("f"))
    #expect(queue("------", limits, capacity: 2).admits(""))
    #expect(queue("aaaaaaaa").admits("a"))
  }

  @Test func aRunningLimitAloneStillLeavesRoomForOthers() {
    let limits = UserLimits(running: 1)
    #expect(queue("aaa", limits, capacity: 4).admits("a"))
    #expect(!queue("aaaa", limits, capacity: 4).admits("a"))
    #expect(queue("aaaa", limits, capacity: 4).admits("b"))
  }

  @Test func removingKeepsTheRestInOrderAndForgetsIdleUsers() {
    var queue = queue("aabb")
    #expect(Set(queue.removeAll { $0.hasPrefix("a") }) == ["a0", "a1"])
    #expect(queue.waitingCount == 2 && queue.userCount == 1)
    #expect(served(queue) == ["b2", "b3"])
  }
}
