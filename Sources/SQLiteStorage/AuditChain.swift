import Foundation
import SpeechCore

/// How audit rows hang together: `hash = SHA-256(previous hash ‖ payload)`, hashes as lower-case hex, the first
/// row's previous hash empty. Anyone can check an export with these two lines.
enum AuditChain {
  static func hash(payload: String, previous: String) -> String {
    var hash = SHA256()
    hash.update(data: Data(previous.utf8))
    hash.update(data: Data(payload.utf8))
    return hash.finalize().hexadecimal
  }

  /// The record as JSON with sorted keys: the bytes the hash covers.
  static func payload(_ record: AuditRecord) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.millisecondsSince1970)
    }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }
}
