import Foundation
import RabbitMQ
import SpeechCore

/// The header `x-deadline` as clients write it: an AMQP timestamp, Unix seconds or milliseconds as a number or as text, or
/// an ISO 8601 time.
enum DeadlineHeader: Sendable, Equatable {
  /// Seconds since 1970.
  case time(Double)
  /// A number that is no time of this age. The request is refused, because its sender means a deadline.
  case refused(SpeechError)
  /// Another value. The request is answered with this warning.
  case ignored(String)

  /// Numbers below are seconds until the year 5138, numbers above are milliseconds since 1973.
  private static let leastMilliseconds = 1e11
  /// September 2001. Smaller numbers are durations, or an error of a factor.
  private static let leastSeconds = 1e9
  static let greatestMilliseconds = 1e14

  init(_ value: FieldValue) {
    switch value {
    case .timestamp(let seconds): self = .time(Double(seconds))
    case .integer(let number, _): self.init(number: Double(number), written: "\(number)")
    case .float(let number): self.init(number: Double(number), written: "\(number)")
    case .double(let number): self.init(number: number, written: "\(number)")
    case .string(let text): self.init(text: text)
    case .bytes(let data): self.init(text: String(decoding: data, as: UTF8.self))
    default: self = .ignored("the header x-deadline was ignored: it must be \(Self.allowed)")
    }
  }

  private init(text: String) {
    let text = text.trimmingCharacters(in: .whitespaces)
    if let number = Double(text), number.isFinite {
      self.init(number: number, written: text)
    } else if let date = Self.date(text) {
      self = .time(date.timeIntervalSince1970)
    } else {
      self = .ignored("the header x-deadline was ignored: \"\(text.prefix(64))\" is not \(Self.allowed)")
    }
  }

  private init(number: Double, written: String) {
    switch number {
    case Self.leastSeconds..<Self.leastMilliseconds: self = .time(number)
    case Self.leastMilliseconds...Self.greatestMilliseconds: self = .time(number / 1000)
    default:
      self = .refused(
        SpeechError(
          .invalidRequest, "the header x-deadline is \(written.prefix(64)), but must be \(Self.allowed)",
          field: "x-deadline"))
    }
  }

  private static let allowed = "a time in Unix milliseconds or seconds, an AMQP timestamp or ISO 8601"

  private static func date(_ text: String) -> Date? {
    (try? Date(text, strategy: .iso8601))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }
}
