/// A JSON document (RFC 8259) as a tree.
///
/// Messages have `Codable` types. This is for documents without one: files of a model, manifests and schemas. Member names
/// keep their scalars and their order, which `JSONDecoder` loses: in Swift "é" and "e\u{301}" are equal strings, and the
/// published vocabulary has five such pairs of tokens.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// As it is written, so that 64-bit integers stay exact.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// In the document's order. A name may occur more than once.
  case object([Member])

  /// A name of an object with its value.
  public struct Member: Sendable {
    /// Compared by its UTF-8 bytes.
    public let name: String
    /// Any value, `null` included.
    public let value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// - Throws: `malformed` when the bytes are not exactly one JSON document, or when it is nested deeper than 64.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
    self = try JSONParser.parse(bytes)
  }

  /// An object whose members are sorted by name.
  public init(_ members: [String: JSONValue]) {
    self = .object(members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value) })
  }

  /// The last member whose name has exactly these scalars. Nil for a value that is no object.
  public subscript(name: String) -> JSONValue? {
    members?.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The members of an object; nil for other values.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  /// The elements of an array; nil for other values.
  public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The string; nil for other values.
  public var text: String? { if case .string(let text) = self { text } else { nil } }
  /// The Boolean; nil for other values.
  public var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  /// Whether the value is `true`; a missing or other value is not.
  public var isTrue: Bool { flag == true }

  /// The number, if it is whole; `1.0` and `1e3` are whole too.
  public var integer: Int? {
    guard case .number(let number) = self else { return nil }
    return Int(number) ?? Double(number).flatMap { Int(exactly: $0) }
  }

  /// The number, if it is whole and not negative.
  public var index: Int? { integer.flatMap { $0 >= 0 ? $0 : nil } }

  /// The same object with more members. A member replaces one of the same name.
  public func merging(_ other: [String: JSONValue]) -> JSONValue {
    guard let members else { return self }
    let kept = members.map { Member($0.name, other[$0.name] ?? $0.value) }
    let names = Set(members.map(\.name))
    return .object(kept + (JSONValue(other.filter { !names.contains($0.key) }).members ?? []))
  }
}

/// The error of a document that cannot be read.
public typealias JSONError = CodedError<JSONErrorCode>

/// The reasons for a ``JSONError``.
public enum JSONErrorCode: Equatable, Sendable {
  /// The bytes are not one JSON document, or it is nested too deep.
  case malformed
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .number(String(value)) }
  public init(floatLiteral value: Double) { self = .number(String(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0, $1) }) }
  public init(nilLiteral: ()) { self = .null }
}
