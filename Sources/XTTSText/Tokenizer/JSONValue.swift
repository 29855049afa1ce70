/// A parsed JSON document whose objects keep every member apart.
///
/// Foundation's parsers key objects by `String`, whose equality is canonical: two vocabulary entries that differ only in
/// composition would become one.
indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  var members: [(key: String, value: JSONValue)]? {
    if case .object(let value) = self { value } else { nil }
  }

  var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// A non-negative whole number below 2³¹.
  var index: Int? {
    guard case .number(let value) = self, value >= 0, value < 0x8000_0000, value == value.rounded() else { return nil }
    return Int(value)
  }

  var isNull: Bool {
    if case .null = self { true } else { false }
  }
}
