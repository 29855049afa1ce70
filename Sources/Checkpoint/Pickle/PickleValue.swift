/// What a pickle holds, as plain values. Nothing here was built by running code: a class that the reader doesn't know
/// is a `record`, its name and its parts.
public indirect enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  /// Lists, tuples and sets.
  case list([PickleValue])
  /// In the file's order; a repeated key keeps its last value.
  case dictionary(PickleDictionary)
  case tensor(StoredTensor)
  case record(PickleRecord)

  /// The value under `key` of a dictionary, or of a record's fields.
  public subscript(key: String) -> PickleValue? {
    switch self {
    case .dictionary(let dictionary): dictionary[key]
    case .record(let record): record.fields[key]
    default: nil
    }
  }

  public var intValue: Int? {
    if case .int(let value) = self { return value }
    return nil
  }

  public var stringValue: String? {
    if case .string(let value) = self { return value }
    return nil
  }

  public var tensorValue: StoredTensor? {
    if case .tensor(let value) = self { return value }
    return nil
  }

  public var dictionaryValue: PickleDictionary? {
    if case .dictionary(let value) = self { return value }
    return nil
  }
}

/// A dictionary in insertion order. Keys that are not strings are kept by their description.
public struct PickleDictionary: Sendable {
  public private(set) var keys: [String] = []
  private var values: [String: PickleValue] = [:]

  public var count: Int { keys.count }

  /// In the file's order, made one by one.
  public var entries: some Sequence<(key: String, value: PickleValue)> {
    keys.lazy.compactMap { key in values[key].map { (key: key, value: $0) } }
  }

  public subscript(key: String) -> PickleValue? { values[key] }

  /// - Returns: whether the key is new.
  @discardableResult
  mutating func set(_ key: String, _ value: PickleValue) -> Bool {
    let isNew = values.updateValue(value, forKey: key) == nil
    if isNew { keys.append(key) }
    return isNew
  }
}

/// An object of a class that the reader doesn't know, or a reference to such a class: inert data.
public struct PickleRecord: Sendable {
  /// Module and name joined by a dot, such as `TTS.tts.configs.xtts_config.XttsConfig`.
  public let typeName: String
  /// The arguments of the constructor, which is not called.
  public let arguments: [PickleValue]
  /// The object's attributes.
  public let fields: PickleDictionary
}
