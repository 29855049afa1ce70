import Foundation
import SpeechCore

/// The table of `dead list`: a pure function of the messages and the time.
enum DeadLetterTable {
  static func lines(_ letters: [DeadLetter], now: Date) -> [String] {
    TextTable.lines(
      ["age", "code", "queue", "id", "text", "error"],
      letters.map { letter in
        [
          letter.deadAt.map { age(now.timeIntervalSince($0)) } ?? "?", letter.errorCode ?? "?",
          letter.originalQueue ?? "?", letter.messageID ?? letter.correlationID ?? "", letter.text ?? "",
          letter.errorMessage ?? "",
        ]
      })
  }

  /// In the largest unit that gives at least 1.
  private static func age(_ seconds: TimeInterval) -> String {
    let seconds = max(0, Int(clamping: Int64(min(seconds, 1e15))))
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("min", 60)] where seconds >= length {
      return "\(seconds / length) \(unit)"
    }
    return "\(seconds) s"
  }
}
