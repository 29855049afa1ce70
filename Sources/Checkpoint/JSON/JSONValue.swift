/// A JSON document (RFC 8259) as a tree.
///
/// The files of a model are read with this rather than with `JSONDecoder`, because member names keep their scalars: in
/// Swift "é" and "e\u{301}" are equal strings, and a dictionary keyed by `String` would lose one of them. The published
/// vocabulary has five such pairs.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// In the document's order; a name can be there more than once.
  case object([Member])

  public struct Member: Sendable {
    public let name: String
    public let value: JSONValue
  }

  /// - Throws: `malformed` when the bytes are not exactly one JSON document, or one that is nested deeper than 64.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    self = try JSONParser.parse(bytes)
  }

  /// Reads a JSON file.
  /// - Throws: `unreadable`, `limitExceeded` or `malformed`, each with the file's path.
  public init(path: String, maximumByteCount: Int) throws(CheckpointError) {
    do throws(CheckpointError) {
      let file = try MappedFile(path: path)
      guard file.byteCount <= maximumByteCount else {
        throw CheckpointError(.limitExceeded, "is over the limit of \(maximumByteCount >> 20) MiB")
      }
      defer { withExtendedLifetime(file) {} }
      try self.init(parsing: file.bytes(0..<file.byteCount))
    } catch {
      throw error.inFile(path)
    }
  }

  /// The last member whose name has exactly these scalars; nil for a value that is no object.
  public subscript(name: String) -> JSONValue? {
    members?.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  public var text: String? { if case .string(let text) = self { text } else { nil } }
  public var isTrue: Bool { if case .bool(true) = self { true } else { false } }

  /// The number, where it is whole and not negative; `1.0` and `1e3` are whole too.
  public var index: Int? {
    guard case .number(let number) = self, number >= 0 else { return nil }
    return Int(exactly: number)
  }
}
