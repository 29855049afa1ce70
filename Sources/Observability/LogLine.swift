import Foundation
import Logging

/// The format of log records; each record is one line.
public enum LogFormat: String, CaseIterable, Sendable {
  case text, json

  func line(_ record: LogRecord) -> String {
    switch self {
    case .text: record.text
    case .json: record.json
    }
  }
}

struct LogRecord {
  var date: Date
  var level: Logger.Level
  var label: String
  var message: String
  var metadata: Logger.Metadata

  var text: String {
    let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
    return "\(timestamp) \(level.rawValue) \(label): \(Self.singleLine(message))\(pairs)\n"
  }

  var json: String {
    var object: [String: Any] = metadata.mapValues(Self.jsonValue)
    object["time"] = timestamp
    object["level"] = level.rawValue
    object["logger"] = label
    object["message"] = message
    guard
      let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return text }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private var timestamp: String { date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) }

  private static func jsonValue(_ value: Logger.MetadataValue) -> Any {
    switch value {
    case .string(let string): string
    case .stringConvertible(let value): "\(value)"
    case .array(let values): values.map(jsonValue)
    case .dictionary(let values): values.mapValues(jsonValue)
    }
  }

  private static func quoted(_ value: String) -> String {
    value.contains(where: { $0.isWhitespace || $0 == "\"" })
      ? "\"\(singleLine(value).replacing("\"", with: "'"))\"" : value
  }

  /// Escapes line breaks, so that a value from outside cannot start a new line.
  private static func singleLine(_ value: String) -> String {
    value.replacing("\r\n", with: "\\n").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
  }
}
