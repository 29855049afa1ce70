import Foundation
import SpeechService

/// The limits of stored records and audio.
struct RetentionSettings: Sendable {
  /// 0 keeps all audit rows.
  let auditDays: Int
  /// Seconds.
  let replyAge: TimeInterval
  let replyBytes: Int
  let clips: ClipBounds

  init(_ flags: RetentionFlags, environment: Environment) throws {
    auditDays = try environment(Settings.auditDays, flag: flags.auditDays)
    replyAge = Double(try environment(Settings.keepRepliesHours, flag: flags.keepRepliesHours)) * 3_600
    replyBytes = try environment(Settings.keepRepliesBytes, flag: flags.keepRepliesBytes)
    let days = try environment(Settings.keepClipsDays, flag: flags.keepClipsDays)
    let bytes = try environment(Settings.keepClipsBytes, flag: flags.keepClipsBytes)
    clips = ClipBounds(
      maximumAge: days > 0 ? Double(days) * 86_400 : nil, maximumBytes: bytes > 0 ? bytes : nil)
  }
}
