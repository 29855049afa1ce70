import Foundation
import Logging
import SQLiteStorage
import SpeechService

/// Removes audit rows, stored replies and stored clips that are older than the settings allow.
struct Retention: Sendable {
  private static let interval = Duration.seconds(86_400)

  let settings: RetentionSettings
  let clock: TrustedClock
  let audit: SQLiteAuditLog
  let replies: SQLiteReplyStore
  let clips: ClipDirectory
  let logger: Logger

  /// At once, then every day, until cancelled.
  func run() async {
    while !Task.isCancelled {
      await apply()
      try? await Task.sleep(for: Self.interval)
    }
  }

  /// A failure is logged, and the next day tries again.
  private func apply() async {
    do {
      let (now, isAhead) = try clock.advance()
      if isAhead {
        logger.warning(
          "the clock is ahead of the time that has passed, so nothing is removed by it; audit prune --force trusts it",
          metadata: ["trusted": "\(now)"])
      }
      var rows = 0
      if settings.auditDays > 0 {
        rows = try await audit.prune(
          before: now.addingTimeInterval(-Double(settings.auditDays) * 86_400), by: "service")
      }
      try await replies.removeExpired()
      let removed = clips.removeSurplus(settings.clips, now: now)
      guard rows + removed > 0 else { return }
      logger.info(
        "retention",
        metadata: ["audit_rows_removed": .stringConvertible(rows), "clips_removed": .stringConvertible(removed)])
    } catch {
      logger.error("retention failed", metadata: ["error": "\(error)"])
    }
  }
}
