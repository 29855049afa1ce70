import Foundation

/// Reads a JSON object field by field, so that each error names the field and what is allowed.
/// Unknown fields become warnings; wrong types are errors.
struct StrictFields {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let container: KeyedDecodingContainer<Key>

  init(_ decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Key.self)
  }

  /// The value, or nil when the field is absent or null.
  func value<Value: Decodable>(_ name: String, _ type: Value.Type, expected: String) throws -> Value? {
    do {
      return try container.decodeIfPresent(type, forKey: Key(stringValue: name))
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.invalidRequest, "\(name) must be \(expected)", field: name)
    }
  }

  /// A string of bounded length; characters are Unicode scalars, as in JSON Schema's `maxLength`.
  func text(_ name: String, maximumCharacters: Int) throws -> String? {
    guard let value = try value(name, String.self, expected: "a string") else { return nil }
    guard value.unicodeScalars.count <= maximumCharacters else {
      throw SpeechError(.invalidRequest, "\(name) may have at most \(maximumCharacters) characters", field: name)
    }
    return value
  }

  func number<Value: Decodable & Comparable>(
    _ name: String, _ type: Value.Type, in range: ClosedRange<Value>
  ) throws -> Value? {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = try value(name, type, expected: expected) else { return nil }
    guard range.contains(value) else {
      throw SpeechError(.invalidRequest, "\(name) must be \(expected)", field: name)
    }
    return value
  }

  /// One of a type's names.
  func choice<Value: RawRepresentable<String> & CaseIterable & Decodable>(
    _ name: String, _ type: Value.Type
  ) throws -> Value? {
    try value(name, type, expected: "one of \(Self.names(type))")
  }

  /// An array of a type's names; empty when the field is absent.
  func choices<Value: RawRepresentable<String> & CaseIterable & Decodable & Hashable>(
    _ name: String, _ type: Value.Type
  ) throws -> Set<Value> {
    Set(try value(name, [Value].self, expected: "an array of \(Self.names(type))") ?? [])
  }

  private static func names<Value: RawRepresentable<String> & CaseIterable>(_ type: Value.Type) -> String {
    Value.allCases.map(\.rawValue).joined(separator: ", ")
  }

  func language() throws -> Language? {
    guard let tag = try value("language", String.self, expected: "a string") else { return nil }
    guard let language = Language(tag: tag) else {
      let allowed = Language.allCases.map(\.rawValue).joined(separator: " ")
      throw SpeechError(.unsupportedLanguage, "language must be one of \(allowed)", field: "language")
    }
    return language
  }

  /// The warnings of a reply: fields that are ignored, and parts of the reply that can't be sent.
  func warnings(known: Set<String>, include: Set<ReplyPart> = []) -> [String] {
    container.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted().prefix(8).map {
      "unknown field ignored: \($0.prefix(64))"
    } + (include.contains(.words) ? [ReplyPart.wordsWarning] : [])
  }

  /// Decodes a message body, turning every failure into a ``SpeechError``.
  static func decode<Message: Decodable>(_ type: Message.Type, from body: Data) throws(SpeechError) -> Message {
    guard String(validating: body, as: UTF8.self) != nil else {
      throw SpeechError(.invalidJSON, "the message is not valid UTF-8 JSON")
    }
    do {
      return try JSONDecoder().decode(type, from: body)
    } catch let error as SpeechError {
      throw error
    } catch DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty {
      throw SpeechError(.invalidRequest, "the message must be a JSON object")
    } catch {
      throw SpeechError(.invalidJSON, "the message is not valid UTF-8 JSON")
    }
  }
}
