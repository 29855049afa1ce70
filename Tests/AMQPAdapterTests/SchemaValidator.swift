import Foundation

/// A validator for the part of JSON Schema 2020-12 that `schemas/` uses. It reports unknown keywords.
struct SchemaValidator {
  /// Whether members that the schema does not describe are reported too.
  var isStrict = false

  private static let annotations: Set<String> = ["$schema", "$id", "title", "description", "examples"]

  /// The errors of the value; empty when it is valid.
  func complaints(about value: JSONValue, against schema: JSONValue, at path: String = "$") -> [String] {
    var complaints: [String] = []
    for (keyword, rule) in schema.members where !Self.annotations.contains(keyword) {
      if let complaint = check(keyword, rule, value, path) { complaints.append(contentsOf: complaint) }
    }
    if isStrict, let properties = schema["properties"]?.members {
      for name in value.members.keys where properties[name] == nil {
        complaints.append("\(path).\(name) is not described")
      }
    }
    return complaints
  }

  private func check(_ keyword: String, _ rule: JSONValue, _ value: JSONValue, _ path: String) -> [String]? {
    func require(_ holds: Bool) -> [String]? { holds ? nil : ["\(path) breaks \(keyword) \(rule)"] }
    switch keyword {
    case "type":
      let types = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
      return require(types.contains { Self.isOf($0, value) })
    case "enum": return require(rule.elements.contains(value))
    case "const": return require(rule == value)
    case "minimum": return require(value.number.map { $0 >= rule.number ?? 0 } ?? true)
    case "maximum": return require(value.number.map { $0 <= rule.number ?? 0 } ?? true)
    case "exclusiveMinimum": return require(value.number.map { $0 > rule.number ?? 0 } ?? true)
    case "minLength": return require(value.text.map { Double($0.unicodeScalars.count) >= rule.number ?? 0 } ?? true)
    case "maxLength": return require(value.text.map { Double($0.unicodeScalars.count) <= rule.number ?? 0 } ?? true)
    case "maxItems": return require(Double(value.elements.count) <= rule.number ?? 0)
    case "maxProperties": return require(Double(value.members.count) <= rule.number ?? 0)
    case "additionalProperties":
      return value.members.flatMap { complaints(about: $1, against: rule, at: "\(path).\($0)") }
    case "pattern":
      guard let text = value.text, let pattern = rule.text else { return nil }
      return require(text.range(of: pattern, options: .regularExpression) != nil)
    case "required":
      guard case .object(let members) = value else { return nil }
      let missing = rule.elements.compactMap(\.text).filter { members[$0] == nil }
      return missing.map { "\(path).\($0) is missing" }
    case "properties":
      return rule.members.flatMap { name, schema in
        value[name].map { complaints(about: $0, against: schema, at: "\(path).\(name)") } ?? []
      }
    case "items":
      return value.elements.enumerated().flatMap { complaints(about: $1, against: rule, at: "\(path)[\($0)]") }
    default: return ["the schema at \(path) uses \(keyword), which the validator does not know"]
    }
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
      ("object", .object):
      true
    case ("integer", .number(let number)): number.rounded() == number
    default: false
    }
  }
}
