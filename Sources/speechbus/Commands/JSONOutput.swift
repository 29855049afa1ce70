import Foundation

/// How commands print JSON: keys sorted, dates as ISO 8601.
enum JSONOutput {
  /// One object per line.
  static func line(_ value: some Encodable) {
    write(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
  }

  static func pretty(_ value: some Encodable) {
    write(value, formatting: [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
  }

  private static func write(_ value: some Encodable, formatting: JSONEncoder.OutputFormatting) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.dateEncodingStrategy = .iso8601
    guard let data = try? encoder.encode(value) else { return }
    Swift.print(String(decoding: data, as: UTF8.self))
  }
}
