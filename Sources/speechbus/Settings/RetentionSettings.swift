import Foundation
import SpeechService

/// What is kept, and for how long.
struct RetentionSettings: Sendable {
  /// 0 keeps audit rows for ever.
  let auditDays: Int
  /// Seconds.
  let replyAge: TimeInterval
  let replyBytes: Int
  let clips: ClipBounds

  init(environment: Environment) throws {
    auditDays = try environment(Settings.auditDays)
    replyAge = Double(try environment(Settings.keepRepliesHours)) * 3_600
    replyBytes = try environment(Settings.keepRepliesBytes)
    let days = try environment(Settings.keepClipsDays)
    let bytes = try environment(Settings.keepClipsBytes)
    clips = ClipBounds(
      maximumAge: days > 0 ? Double(days) * 86_400 : nil, maximumBytes: bytes > 0 ? bytes : nil)
  }
}
