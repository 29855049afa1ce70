/// One object of `config.json`, read field by field. Each error names the field, its value and the allowed values.
struct ConfigurationFields {
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let container: KeyedDecodingContainer<Key>
  /// `model_args.` for the nested object, else empty.
  private let prefix: String

  init(_ decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Key.self)
    prefix = ""
  }

  private init(container: KeyedDecodingContainer<Key>, prefix: String) {
    self.container = container
    self.prefix = prefix
  }

  func object(_ name: String) throws -> ConfigurationFields {
    do {
      let nested = try container.nestedContainer(keyedBy: Key.self, forKey: Key(name))
      return ConfigurationFields(container: nested, prefix: prefix + name + ".")
    } catch {
      throw wrong(name, "an object")
    }
  }

  /// The number, or `fallback` when the field is absent or null; without a fallback the field is required.
  func number<Value: Decodable & Comparable>(
    _ name: String, in range: ClosedRange<Value>, default fallback: Value? = nil
  ) throws -> Value {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = try value(name, Value.self, expected: expected) ?? fallback else {
      throw wrong(name, expected)
    }
    guard range.contains(value) else { throw wrong(name, expected, not: value) }
    return value
  }

  func optionalNumber<Value: Decodable & Comparable>(_ name: String, in range: ClosedRange<Value>) throws -> Value? {
    let expected = "null or a number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = try value(name, Value.self, expected: expected) else { return nil }
    guard range.contains(value) else { throw wrong(name, expected, not: value) }
    return value
  }

  func flag(_ name: String, default fallback: Bool) throws -> Bool {
    try value(name, Bool.self, expected: "true or false") ?? fallback
  }

  func strings(_ name: String, atMost limit: Int) throws -> [String]? {
    let expected = "a list of at most \(limit) strings"
    guard let list = try value(name, [String].self, expected: expected) else { return nil }
    guard list.count <= limit else { throw wrong(name, expected, not: list.count) }
    return list
  }

  private func value<Value: Decodable>(_ name: String, _ type: Value.Type, expected: String) throws -> Value? {
    do {
      return try container.decodeIfPresent(type, forKey: Key(name))
    } catch {
      throw wrong(name, expected)
    }
  }

  private func wrong(_ name: String, _ expected: String) -> ModelError {
    ModelError(.inconsistent, "config.json: \(prefix)\(name) must be \(expected)")
  }

  private func wrong(_ name: String, _ expected: String, not value: some Comparable) -> ModelError {
    ModelError(.inconsistent, "config.json: \(prefix)\(name) must be \(expected), not \(value)")
  }
}
