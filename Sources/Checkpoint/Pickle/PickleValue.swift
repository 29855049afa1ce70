/// The content of a pickle, as plain values. No code ran to build it: an instance of an unknown class is a `record` of
/// the class's name and the instance's parts.
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

  /// The tensor, or nil for another value.
  public var tensorValue: StoredTensor? {
    if case .tensor(let value) = self { value } else { nil }
  }

  /// The dictionary, or nil for another value.
  public var dictionaryValue: PickleDictionary? {
    if case .dictionary(let value) = self { value } else { nil }
  }
}

/// A dictionary in insertion order. Keys that are not strings are kept by their description.
public struct PickleDictionary: Sendable {
  /// The keys in the file's order.
  public private(set) var keys: [String] = []
  private var values: [String: PickleValue] = [:]

  /// The number of keys.
  public var count: Int { keys.count }

  /// Keys and values in the file's order, lazily.
  public var entries: some Sequence<(key: String, value: PickleValue)> {
    keys.lazy.compactMap { key in values[key].map { (key: key, value: $0) } }
  }

  /// The value of a key.
  public subscript(key: String) -> PickleValue? { values[key] }

  /// - Returns: whether the key is new.
  @discardableResult
  mutating func set(_ key: String, _ value: PickleValue) -> Bool {
    let isNew = values.updateValue(value, forKey: key) == nil
    if isNew { keys.append(key) }
    return isNew
  }
}

/// An instance of an unknown class, or a reference to such a class: inert data.
public struct PickleRecord: Sendable {
  /// Module and name joined by a dot, such as `TTS.tts.configs.xtts_config.XttsConfig`.
  public let typeName: String
  /// The object's attributes.
  public let fields: PickleDictionary
}
