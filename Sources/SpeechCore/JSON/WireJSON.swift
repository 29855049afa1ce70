import Foundation

/// The JSON that clients get: members sorted by name, so that equal answers have equal bytes.
public enum WireJSON {
  public static func encode(_ value: some Encodable) throws(SpeechError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    do {
      return try encoder.encode(value)
    } catch {
      throw SpeechError(.internal, "the reply can't be written as JSON")
    }
  }
}
