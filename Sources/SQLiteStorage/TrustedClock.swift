import Foundation
import GRDB
import SpeechCore
import Synchronization

/// The time for retention. It follows the wall clock, but does not jump ahead with it: while the machine runs, it advances
/// no faster than the time since its boot.
public final class TrustedClock: Sendable {
  /// The clocks of the machine at one moment.
  struct Reading: Sendable, Equatable {
    /// Milliseconds since 1970.
    var wall: Int64
    /// Milliseconds since the boot, suspended time included.
    var boot: Int64
    /// Identifies the boot.
    var bootID: String

    static var now: Reading {
      var time = timespec()
      clock_gettime(CLOCK_BOOTTIME, &time)
      let bootID = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
      return Reading(
        wall: Date().millisecondsSince1970, boot: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000,
        bootID: bootID.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// - Parameter earlier: an earlier reading, whose wall clock was trusted.
    /// - Returns: the trusted time, and whether the wall clock is ahead of it.
    func trusted(since earlier: Reading) -> (milliseconds: Int64, isAhead: Bool) {
      let isSameBoot = bootID == earlier.bootID && boot >= earlier.boot
      let limit = earlier.wall + (isSameBoot ? boot - earlier.boot : Self.longestStop)
      return wall <= limit + Self.margin ? (wall, false) : (limit, true)
    }

    /// The longest time without a service that a boot is credited with.
    private static let longestStop: Int64 = 2 * 86_400_000
    /// A correction of the wall clock up to this is followed.
    private static let margin: Int64 = 3_600_000
  }

  private let database: any DatabaseWriter
  private let read: @Sendable () -> Reading
  private let anchor: Mutex<Reading>

  /// The first use of a database trusts the wall clock.
  init(_ database: any DatabaseWriter, read: @escaping @Sendable () -> Reading = { .now }) throws {
    self.database = database
    self.read = read
    let stored = try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM clock").map { row in
        Reading(wall: row["trusted_ms"], boot: row["boot_ms"], bootID: row["boot_id"])
      }
    }
    anchor = Mutex(stored ?? read())
  }

  /// The trusted time.
  public var now: Date { Date(millisecondsSince1970: read().trusted(since: anchor.withLock { $0 }).milliseconds) }

  /// Stores the trusted time for later starts.
  /// - Parameter force: trusts the wall clock.
  /// - Returns: the time, and whether the wall clock is ahead of it.
  public func advance(force: Bool = false) throws(StorageError) -> (now: Date, isAhead: Bool) {
    var reading = read()
    let trusted = force ? (reading.wall, false) : reading.trusted(since: anchor.withLock { $0 })
    reading.wall = trusted.0
    do {
      try database.write { [reading] db in
        try db.execute(
          sql: "INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)",
          arguments: [reading.wall, reading.bootID, reading.boot])
      }
    } catch {
      throw StorageError.from(error, path: "file")
    }
    anchor.withLock { $0 = reading }
    return (Date(millisecondsSince1970: reading.wall), trusted.1)
  }
}
