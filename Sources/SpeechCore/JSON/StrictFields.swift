import Foundation

/// One object of a JSON document, read field by field. Every error names the field and the allowed values. A field that
/// is missing and one that is null are the same.
public struct StrictFields<Failure: Error> {
  /// Makes the error of a field from its name, a problem such as `must be true or false`, and the value where it is
  /// known.
  public typealias Problem = (_ field: String, _ problem: String, _ value: String?) -> Failure

  private let object: JSONObject
  private let problem: Problem
  /// For messages of clients: an empty string counts as a missing value, and the names of choices may be in any case.
  private let isLenient: Bool
  /// Remarks about the document.
  let notes: [String]

  /// - Throws: `DecodingError` when `json` is not one JSON object.
  public init(json: Data, allowsJSON5: Bool = false, problem: @escaping Problem) throws {
    try self.init(json: json, allowsJSON5: allowsJSON5, isLenient: false, notes: [], problem: problem)
  }

  init(json: Data, allowsJSON5: Bool = false, isLenient: Bool, notes: [String], problem: @escaping Problem) throws {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = allowsJSON5
    self.init(try decoder.decode(JSONObject.self, from: json), isLenient, notes, problem)
  }

  private init(_ object: JSONObject, _ isLenient: Bool, _ notes: [String], _ problem: @escaping Problem) {
    self.object = object
    self.isLenient = isLenient
    self.notes = notes
    self.problem = problem
  }

  /// Whether there is a field of that name, also with null.
  func has(_ name: String) -> Bool { object.fields.contains(.init(name)) }

  func isEmptyText(_ name: String) -> Bool {
    (try? object.fields.decodeIfPresent(String.self, forKey: .init(name)))?.isEmpty == true
  }

  /// The fields of a nested object, whose errors name these fields alone.
  func unwrapped(_ name: String) throws(Failure) -> StrictFields? {
    try value(name, "a JSON object", as: JSONObject.self).map { StrictFields($0, isLenient, notes, problem) }
  }

  /// The error of a field.
  public func error(_ name: String, _ text: String, value: String? = nil) -> Failure { problem(name, text, value) }

  /// The names of fields that are not in `known`, sorted.
  public func unknownNames(_ known: Set<String>) -> [String] {
    object.fields.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
  }

  /// The field's value; nil when there is none.
  /// - Parameter expected: the allowed values, such as `a string`.
  public func value<Value: Decodable>(
    _ name: String, _ expected: String, as type: Value.Type = Value.self
  ) throws(Failure) -> Value? {
    do {
      let value = try object.fields.decodeIfPresent(type, forKey: .init(name))
      return isLenient && (value as? String)?.isEmpty == true ? nil : value
    } catch {
      guard isLenient, isEmptyText(name) else { throw wrong(name, expected) }
      return nil
    }
  }

  /// The value of a field that must be there.
  public func required<Value>(_ name: String, _ value: Value?) throws(Failure) -> Value {
    guard let value else { throw error(name, "is missing") }
    return value
  }

  /// A string of at most `limit` Unicode scalars, as `maxLength` of JSON Schema counts.
  public func text(_ name: String, atMost limit: Int = .max) throws(Failure) -> String? {
    let text = try value(name, "a string", as: String.self)
    guard text?.unicodeScalars.count ?? 0 <= limit else { throw error(name, "may have at most \(limit) characters") }
    return text
  }

  /// A number within `range`.
  public func number<Value: Decodable & Comparable>(
    _ name: String, in range: ClosedRange<Value>
  ) throws(Failure) -> Value? {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard let number = try value(name, expected, as: Value.self) else { return nil }
    guard range.contains(number) else { throw wrong(name, expected, "\(number)") }
    return number
  }

  /// True or false.
  public func flag(_ name: String) throws(Failure) -> Bool? { try value(name, "true or false", as: Bool.self) }

  /// The value that a string names.
  public func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String) throws(Failure) -> Value? {
    let expected = "one of \(Self.names(Value.self))"
    guard let text = try value(name, expected, as: String.self) else { return nil }
    guard let choice = Value(rawValue: isLenient ? text.lowercased() : text) else { throw wrong(name, expected) }
    return choice
  }

  /// The values that an array of strings names; none when the field is missing.
  public func choices<Value: RawRepresentable<String> & CaseIterable & Hashable>(
    _ name: String
  ) throws(Failure) -> Set<Value> {
    let expected = "an array of \(Self.names(Value.self))"
    let texts = try value(name, expected, as: [String].self) ?? []
    let choices = texts.compactMap(Value.init)
    guard choices.count == texts.count else { throw wrong(name, expected) }
    return Set(choices)
  }

  private static func names<Value: RawRepresentable<String> & CaseIterable>(_ type: Value.Type) -> String {
    type.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// A nested object. Its errors name the field as `name.field`.
  public func object(_ name: String) throws(Failure) -> StrictFields? {
    try value(name, "an object", as: JSONObject.self).map { nested($0, name) }
  }

  /// A list of objects. Their errors name the field as `name[0].field`.
  public func objects(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> [StrictFields]? {
    let expected = "a list of \(range.lowerBound) to \(range.upperBound) objects"
    guard let list = try value(name, expected, as: [JSONObject].self) else { return nil }
    guard range.contains(list.count) else { throw wrong(name, expected, "\(list.count)") }
    return list.enumerated().map { nested($1, "\(name)[\($0)]") }
  }

  private func nested(_ object: JSONObject, _ path: String) -> StrictFields {
    StrictFields(object, isLenient, notes) { [problem] in problem("\(path).\($0)", $1, $2) }
  }

  private func wrong(_ name: String, _ expected: String, _ value: String? = nil) -> Failure {
    problem(name, "must be \(expected)", value)
  }
}

private struct JSONObject: Decodable {
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let fields: KeyedDecodingContainer<Key>

  init(from decoder: any Decoder) throws { fields = try decoder.container(keyedBy: Key.self) }
}
