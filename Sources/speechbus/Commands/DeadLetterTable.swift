import AMQPAdapter
import Foundation

/// The table of `dead list`: a pure function of the messages and the time.
enum DeadLetterTable {
  /// - Returns: no line for no messages, else a line of titles and one line per message.
  static func lines(_ letters: [DeadLetter], now: Date) -> [String] {
    guard !letters.isEmpty else { return [] }
    let rows =
      [["age", "code", "queue", "id", "text", "error"]]
      + letters.map { letter in
        [
          letter.deadAt.map { age(now.timeIntervalSince($0)) } ?? "?", letter.errorCode ?? "?",
          letter.originalQueue ?? "?", letter.messageID ?? letter.correlationID ?? "", letter.text ?? "",
          letter.errorMessage ?? "",
        ].map(printable)
      }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let padded = zip(row.dropLast(), widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      return (padded + row.suffix(1)).joined(separator: "  ")
    }
  }

  /// In the largest unit that gives at least 1.
  private static func age(_ seconds: TimeInterval) -> String {
    let seconds = max(0, Int(clamping: Int64(min(seconds, 1e15))))
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("min", 60)] where seconds >= length {
      return "\(seconds / length) \(unit)"
    }
    return "\(seconds) s"
  }

  /// Clients choose these texts, so control characters must not reach the terminal.
  private static func printable(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
  }
}
