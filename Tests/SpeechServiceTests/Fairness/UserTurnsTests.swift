import Foundation
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

struct UserTurnsTests {
  private func entrance(_ turns: inout UserTurns<Int>, _ user: String, _ order: UInt64) -> UserTurns<Int>.Entrance {
    turns.enter(user, order: order, token: Int(order))
  }

  @Test func overTheRunningLimitRequestsWaitInTurn() {
    var turns = UserTurns<Int>(limits: UserLimits(running: 1, waiting: 2))
    #expect(entrance(&turns, "a", 1) == .runs && entrance(&turns, "a", 2) == .waits)
    #expect(entrance(&turns, "b", 3) == .runs && entrance(&turns, "a", 4) == .waits)
    #expect(entrance(&turns, "a", 5) == .refused)
    #expect(turns.leave("a") == 2 && turns.leave("a") == 4 && turns.leave("a") == nil)
    #expect(turns.leave("b") == nil && turns.userCount == 0)
  }

  @Test func whoGivesUpLeavesTheLine() {
    var turns = UserTurns<Int>(limits: UserLimits(running: 1, waiting: 1))
    #expect(entrance(&turns, "a", 1) == .runs && entrance(&turns, "a", 2) == .waits)
    #expect(turns.giveUp("a", order: 2) == 2 && turns.giveUp("a", order: 2) == nil)
    #expect(entrance(&turns, "a", 3) == .waits)
    #expect(turns.giveUp("nobody", order: 1) == nil && turns.leave("nobody") == nil)
  }

  @Test func aWaitingLimitAloneBoundsWhatIsUnderWay() {
    var turns = UserTurns<Int>(limits: UserLimits(waiting: 2))
    #expect(entrance(&turns, "a", 1) == .runs && entrance(&turns, "a", 2) == .runs)
    #expect(entrance(&turns, "a", 3) == .refused)
    #expect(turns.leave("a") == nil)
    #expect(entrance(&turns, "a", 4) == .runs)
  }

  @Test func withoutLimitsEverythingRuns() {
    var turns = UserTurns<Int>(limits: UserLimits())
    #expect((1...100).allSatisfy { entrance(&turns, "a", $0) == .runs })
  }
}
