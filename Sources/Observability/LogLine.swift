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

  private var timestamp: String {
    date.formatted(.iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
  }

  private static func jsonValue(_ value: Logger.MetadataValue) -> Any {
    switch value {
    case .string(let string): string
    case .stringConvertible(let value): number(value) ?? "\(value)"
    case .array(let values): values.map(jsonValue)
    case .dictionary(let values): values.mapValues(jsonValue)
    }
  }

  private static func number(_ value: any CustomStringConvertible) -> Any? {
    switch value {
    case let value as any BinaryInteger: Int64(exactly: value)
    case let value as Double: value.isFinite ? value : nil
    case let value as Bool: value
    default: nil
    }
  }

  private static func quoted(_ value: String) -> String {
    let line = singleLine(value)
    return value.contains(where: { $0.isWhitespace || $0 == "\"" })
      ? "\"\(line.replacing("\"", with: "'"))\"" : line
  }

  /// Escapes line breaks and other control characters, and the marks that reverse the direction of text: a value from
  /// outside can neither start a new line nor control a terminal.
  private static func singleLine(_ value: String) -> String {
    guard value.unicodeScalars.contains(where: isControl) else { return value }
    return value.unicodeScalars.reduce(into: "") { line, scalar in
      switch scalar {
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case _ where isControl(scalar): line += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || (0x202A...0x202E).contains(scalar.value)
      || (0x2066...0x2069).contains(scalar.value)
  }
}
