import Foundation

/// One setting: an environment variable that is also a flag. The flag wins, then the variable, then the default.
struct Setting<Value: Sendable>: Sendable {
  /// The environment variable, such as `XTTS_MODEL_DIR`.
  let name: String
  let defaultValue: Value
  /// What a value may be, for the message that refuses another.
  let allowed: String
  let parse: @Sendable (String) -> Value?

  /// The flag's name without dashes: `XTTS_MODEL_DIR` is `model-dir`.
  var flag: String {
    let prefixes = ["XTTS_", "SPEECHBUS_"]
    let bare = prefixes.first(where: name.hasPrefix).map { name.dropFirst($0.count) } ?? name[...]
    return bare.lowercased().replacing("_", with: "-")
  }

  /// - Throws: ``BadSetting`` naming the variable or flag, the value and what is allowed.
  func resolve(flag value: String?, environment: [String: String]) throws(BadSetting) -> Value {
    if let value { return try read(value, from: "--\(flag)") }
    if let value = environment[name], !value.isEmpty { return try read(value, from: name) }
    return defaultValue
  }

  private func read(_ text: String, from source: String) throws(BadSetting) -> Value {
    guard let value = parse(text) else { throw BadSetting(source: source, value: text, allowed: allowed) }
    return value
  }
}

struct BadSetting: Error, Equatable, CustomStringConvertible {
  var source: String
  var value: String
  var allowed: String

  var description: String { "\(source) is \"\(value.prefix(200))\", but must be \(allowed)" }
}

extension Setting where Value == String {
  static func text(_ name: String, default value: String, allowed: String = "text") -> Setting {
    Setting(name: name, defaultValue: value, allowed: allowed) { $0 }
  }
}

extension Setting where Value == String? {
  static func optionalText(_ name: String) -> Setting {
    Setting(name: name, defaultValue: nil, allowed: "text") { $0 }
  }

  /// Yes or no to a GPU, or a device's name; nil is automatic.
  static func device(_ name: String) -> Setting {
    Setting(name: name, defaultValue: nil, allowed: "1 or 0, auto, cpu, cuda or cuda:N") { text in
      if let wanted = boolean(text) { return .some(wanted ? "cuda" : "cpu") }
      let name = text.lowercased()
      if name == "auto" { return .some(nil) }
      let index = name.hasPrefix("cuda:") ? Int(name.dropFirst("cuda:".count)) : nil
      return ["cpu", "cuda", "libtorch"].contains(name) || (index ?? -1) >= 0 ? .some(name) : nil
    }
  }
}

extension Setting where Value == Int {
  static func integer(_ name: String, default value: Int, in range: ClosedRange<Int>) -> Setting {
    Setting(
      name: name, defaultValue: value, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)"
    ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension Setting where Value == Bool {
  static func flag(_ name: String, default value: Bool = false) -> Setting {
    Setting(name: name, defaultValue: value, allowed: "1 or 0, true or false, yes or no", parse: boolean)
  }
}

extension Setting where Value: RawRepresentable<String> & CaseIterable {
  static func choice(_ name: String, default value: Value) -> Setting {
    let allowed = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
    return Setting(name: name, defaultValue: value, allowed: allowed) { Value(rawValue: $0.lowercased()) }
  }
}

@Sendable private func boolean(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "1", "true", "yes", "on": true
  case "0", "false", "no", "off": false
  default: nil
  }
}
