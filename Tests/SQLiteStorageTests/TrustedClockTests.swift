import Foundation
import GRDB
import SpeechCore
import Synchronization
import Testing

@testable import SQLiteStorage

/// F9 of the adversary's list: a clock that is ahead removes nothing.
struct TrustedClockTests {
  private static let (hour, day) = (3_600_000, 86_400_000) as (Int64, Int64)
  private let first = TrustedClock.Reading(wall: 1_000 * day, boot: 50 * hour, bootID: "a")

  private func reading(wall: Int64, boot: Int64, _ bootID: String = "a") -> TrustedClock.Reading {
    TrustedClock.Reading(wall: first.wall + wall, boot: first.boot + boot, bootID: bootID)
  }

  @Test func itFollowsTheWallClockButNoJumpAhead() {
    let (hour, day) = (Self.hour, Self.day)
    func trusted(_ reading: TrustedClock.Reading) -> Int64 { reading.trusted(since: first).milliseconds - first.wall }
    #expect(trusted(reading(wall: 3 * day, boot: 3 * day)) == 3 * day)
    #expect(trusted(reading(wall: 40 * day, boot: 1)) == 1)
    #expect(trusted(reading(wall: hour, boot: 1)) == hour)
    #expect(trusted(reading(wall: -5 * day, boot: day)) == -5 * day)
    // After another boot, the time without a service is not known.
    #expect(trusted(reading(wall: day, boot: -40 * hour, "b")) == day)
    #expect(trusted(reading(wall: 40 * day, boot: -40 * hour, "b")) == 2 * day)
    #expect(trusted(reading(wall: 40 * day, boot: -1)) == 2 * day)
  }

  @Test func startsWithAClockAheadRemoveNothingHoweverMany() async throws {
    let temporary = try TemporaryDatabase()
    let pool = try temporary.open().pool
    let now = Mutex(first)
    func open() throws -> TrustedClock { try TrustedClock(pool) { now.withLock { $0 } } }
    _ = try open().advance()
    for _ in 0..<50 {
      now.withLock { $0 = reading(wall: 40 * Self.day, boot: 1_000) }
      let clock = try open()
      #expect(clock.now == Date(millisecondsSince1970: first.wall + 1_000))
      #expect(try clock.advance().isAhead)
    }
    #expect(try open().advance(force: true).now == Date(millisecondsSince1970: first.wall + 40 * Self.day))
    now.withLock { $0 = reading(wall: 2_000, boot: 2_000) }
    #expect(try open().advance().now == Date(millisecondsSince1970: first.wall + 2_000))
  }
}
