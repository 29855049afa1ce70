import Foundation
import SpeechCore
import Testing

@testable import AMQPAdapter

struct FairLineTests {
  private func line(_ users: String, _ limits: UserLimits = UserLimits(), capacity: Int = .max) -> FairLine<String> {
    var line = FairLine<String>(limits: limits, capacity: capacity)
    for (index, user) in users.enumerated() {
      line.push("\(user)\(index)", user: user == "-" ? "" : "\(user)", priority: 0, deadline: nil)
    }
    return line
  }

  /// Each runs to its end before the next begins.
  private func served(_ line: FairLine<String>) -> [String] {
    var line = line
    var order: [String] = []
    while let (element, user) = line.pop() {
      order.append(element)
      line.finish(user)
    }
    return order
  }

  @Test func usersTakeTurns() {
    #expect(served(line("aaaabbc")) == ["a0", "b4", "c6", "a1", "b5", "a2", "a3"])
    #expect(served(line("a-a-")) == ["-1", "a0", "-3", "a2"])
  }

  @Test func whoHasLeastRunningIsNext() {
    var line = line("aaab")
    #expect(line.pop()?.element == "a0")
    #expect(line.pop()?.element == "b3")
    line.push("b4", user: "b", priority: 0, deadline: nil)
    line.finish("b")
    #expect(line.pop()?.element == "b4")
    #expect(line.largestShare == 3 && line.userCount == 2)
  }

  @Test func priorityCountsWithinAUserOnly() {
    var line = FairLine<String>()
    line.push("a-low", user: "a", priority: 0, deadline: nil)
    line.push("b-low", user: "b", priority: 0, deadline: nil)
    line.push("b-high", user: "b", priority: 9, deadline: nil)
    line.push("b-higher-later", user: "b", priority: 9, deadline: nil)
    #expect(served(line) == ["a-low", "b-high", "b-higher-later", "b-low"])
  }

  @Test func noUserRunsMoreThanItsLimit() {
    var line = line("aaa---", UserLimits(running: 2))
    var started: [String] = []
    while let next = line.pop() { started.append(next.element) }
    #expect(Set(started) == ["a0", "a1", "-3", "-4", "-5"])
    line.finish("a")
    #expect(line.pop()?.element == "a2")
    #expect(line.isEmpty)
  }

  @Test func aUserMayHoldItsLimitAndLessWhenOthersWait() {
    let limits = UserLimits(waiting: 3)
    #expect(line("aa", limits, capacity: 6).admits("a"))
    #expect(!line("aaa", limits, capacity: 6).admits("a"))
    #expect(line("aaa", limits, capacity: 6).admits("b"))
    #expect(!line("aab", limits, capacity: 4).admits("a"))
    // However many wait, one who has nothing in the line gets in.
    #expect(line("abcdef", limits, capacity: 2).admits("g"))
    #expect(!line("abcdef", limits, capacity: 2).admits("f"))
    #expect(line("------", limits, capacity: 2).admits(""))
    #expect(line("aaaaaaaa").admits("a"))
  }

  @Test func aRunningLimitAloneStillLeavesRoomForOthers() {
    let limits = UserLimits(running: 1)
    #expect(line("aaa", limits, capacity: 4).admits("a"))
    #expect(!line("aaaa", limits, capacity: 4).admits("a"))
    #expect(line("aaaa", limits, capacity: 4).admits("b"))
  }

  @Test func removingLeavesTheRestAndForgetsTheGone() {
    var line = line("aabb")
    #expect(Set(line.removeAll { $0.hasPrefix("a") }) == ["a0", "a1"])
    #expect(line.count == 2 && line.userCount == 1)
    #expect(served(line) == ["b2", "b3"])
  }
}

struct UserScanTests {
  @Test(arguments: [
    (#"{"text":"x","user_id":"ada"}"#, "ada"),
    ("{\"user_id\" :\n \"a\\\"b\\u00e9\",\"text\":\"x\"}", "a\"b\u{e9}"),
    (#"{"text":"say \"user_id\":\"eve\"","user_id":"ada"}"#, "ada"),
    (#"{"text":"user_id","user_id":"ada"}"#, "ada"),
    // F29: only a member of the outermost object counts.
    (#"{"a":{"user_id":"x1"},"user_id":"ada"}"#, "ada"), (#"{"a":[{"user_id":"x1"}],"user_id":"ada"}"#, "ada"),
    (#"{"a":{"user_id":"x1"}}"#, ""), (#"{"a":"\\\\","user_id":"ada"}"#, "ada"),
    (#"{"a":"\\\"","user_id":"ada"}"#, "ada"),
    (#"{"text":"user_id"}"#, ""), (#"{"user_id":7}"#, ""), (#"{"user_id":null}"#, ""), (#"{"user_id""#, ""),
    (#"{"user_id":"unfinished"#, ""), (#"{"user_id":"odd \q"}"#, ""), ("", ""),
  ])
  func theUserIsReadFromTheBody(body: String, user: String) {
    #expect(UserScan.userID(in: Data(body.utf8)) == user)
  }

  @Test func aSliceIsReadLikeAWhole() {
    let body = Data(#"....{"user_id":"ada"}"#.utf8)
    #expect(UserScan.userID(in: body[4...]) == "ada")
  }

  @Test func anEndlessNameIsNoName() {
    let body = Data((#"{"user_id":""# + String(repeating: "a", count: 10_000) + #""}"#).utf8)
    #expect(UserScan.userID(in: body) == "")
  }
}

struct PostponePolicyTests {
  private let policy = PostponePolicy(delays: [.seconds(1), .seconds(5), .seconds(30)])
  private let now = Date(timeIntervalSince1970: 1000)

  private func decision(_ postponements: Int, deadline: Double? = nil, hasReplyTo: Bool = true)
    -> PostponePolicy.Decision
  {
    policy.decision(
      postponements: postponements, deadline: deadline.map { now.addingTimeInterval($0) }, hasReplyTo: hasReplyTo,
      now: now)
  }

  @Test func theFirstPauseIsShortAndTheSecondRepeats() {
    #expect(decision(0) == .wait(.seconds(1)))
    #expect(decision(1) == .wait(.seconds(5)) && decision(900) == .wait(.seconds(5)))
    #expect(decision(-3) == .wait(.seconds(1)))
  }

  @Test func whoseDeadlineWouldPassIsRefusedForNow() {
    guard case .refuse(let error) = decision(1, deadline: 5) else { return #expect(Bool(false), "it waits") }
    #expect(error.code == .overloaded && error.isRetryable)
    #expect(decision(1, deadline: 5.1) == .wait(.seconds(5)))
    #expect(decision(1, deadline: 5, hasReplyTo: false) == .wait(.seconds(5)))
  }
}
