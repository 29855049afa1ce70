import Foundation
import SpeechCore

/// A setting as users see it: an environment variable that is also an option, unless it is a secret.
struct SettingDescription: Sendable, Equatable {
  /// The environment variable, such as `XTTS_MODEL_DIR`.
  var name: String
  /// The option without dashes: `XTTS_MODEL_DIR` is `model-dir`. nil for a secret, which a list of processes would show.
  var flag: String?
  /// One phrase for `--help` and the documentation.
  var summary: String
  /// The default as the documentation shows it.
  var defaultText: String
  /// The allowed values, for the message that refuses others.
  var allowed: String

  /// For `--help`.
  var help: String { "\(summary) (\(name); \(defaultText))." }
}

/// One setting with its type. The option wins, then the variable, then the default.
struct Setting<Value: Sendable>: Sendable {
  let description: SettingDescription
  let defaultValue: Value
  /// A variable of other programs that counts where this setting is absent.
  private let fallback: String?
  private let parse: @Sendable (String) -> Value?

  /// - Parameters:
  ///   - flag: the option where it is not the variable's name without its prefix.
  ///   - parse: nil for a value that is not allowed.
  init(
    _ name: String, _ summary: String, default value: Value, _ defaultText: String, allowed: String,
    flag: String? = nil, isSecret: Bool = false, fallback: String? = nil, parse: @escaping @Sendable (String) -> Value?
  ) {
    description = SettingDescription(
      name: name, flag: isSecret ? nil : flag ?? Self.flag(name), summary: summary, defaultText: defaultText,
      allowed: allowed)
    defaultValue = value
    self.fallback = fallback
    self.parse = parse
  }

  private static func flag(_ name: String) -> String {
    let bare = ["XTTS_", "SPEECHBUS_"].first(where: name.hasPrefix).map { name.dropFirst($0.count) } ?? name[...]
    return bare.lowercased().replacing("_", with: "-")
  }

  /// - Throws: ``BadSetting`` naming the variable or option, the value and the allowed values.
  func resolve(
    flag value: String?, named alias: String? = nil, environment: [String: String]
  ) throws(BadSetting) -> Value {
    if let value { return try read(value, from: "--\(alias ?? description.flag ?? description.name)") }
    for name in [description.name, fallback].compactMap(\.self) {
      if let value = environment[name], !value.isEmpty { return try read(value, from: name) }
    }
    return defaultValue
  }

  private func read(_ text: String, from source: String) throws(BadSetting) -> Value {
    guard let value = parse(text) else {
      throw BadSetting(source: source, value: text, allowed: description.allowed)
    }
    return value
  }
}

struct BadSetting: Error, Equatable, CustomStringConvertible {
  let description: String

  init(source: String, value: String, allowed: String) {
    description = "\(source) is \"\(value.prefix(200))\", but must be \(allowed)"
    ErrorTrace.record("CommandFailure", description)
  }
}

extension Setting where Value == String {
  static func text(
    _ name: String, _ summary: String, default value: String, allowed: String, flag: String? = nil
  ) -> Setting {
    Setting(name, summary, default: value, value.isEmpty ? "none" : value, allowed: allowed, flag: flag) { $0 }
  }
}

extension Setting where Value == String? {
  static func optionalText(
    _ name: String, _ summary: String, default defaultText: String, allowed: String, isSecret: Bool = false
  ) -> Setting {
    Setting(name, summary, default: nil, defaultText, allowed: allowed, isSecret: isSecret) { .some($0) }
  }

  /// Yes or no to a GPU, or a device's name; nil is automatic.
  static func device(_ name: String, _ summary: String, default defaultText: String) -> Setting {
    Setting(
      name, summary, default: nil, defaultText, allowed: "1 or 0, auto, cpu, cuda, cuda:N or libtorch", flag: "device"
    ) { text in
      if let wanted = boolean(text) { return .some(wanted ? "cuda" : "cpu") }
      let name = text.lowercased()
      if name == "auto" { return .some(nil) }
      let index = name.hasPrefix("cuda:") ? Int(name.dropFirst("cuda:".count)) : nil
      return ["cpu", "cuda", "libtorch"].contains(name) || (index ?? -1) >= 0 ? .some(name) : nil
    }
  }
}

extension Setting where Value == Int {
  static func integer(
    _ name: String, _ summary: String, default value: Int, in range: ClosedRange<Int>, fallback: String? = nil
  ) -> Setting {
    Setting(
      name, summary, default: value, "\(value)",
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)", fallback: fallback
    ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension Setting where Value == Double {
  /// 0 to 10 seconds.
  static func seconds(_ name: String, _ summary: String) -> Setting {
    Setting(name, summary, default: 0, "0", allowed: "a number from 0 to 10") { text in
      Double(text).flatMap { (0...SpeechScript.longestPause).contains($0) ? $0 : nil }
    }
  }
}

extension Setting where Value == Bool {
  static func flag(_ name: String, _ summary: String, default value: Bool = false) -> Setting {
    Setting(
      name, summary, default: value, value ? "1" : "0", allowed: "1 or 0, true or false, yes or no", parse: boolean)
  }
}

extension Setting where Value: RawRepresentable<String> & CaseIterable {
  static func choice(_ name: String, _ summary: String, default value: Value) -> Setting {
    let allowed = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
    return Setting(name, summary, default: value, value.rawValue, allowed: allowed) { Value(rawValue: $0.lowercased()) }
  }
}

@Sendable private func boolean(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "1", "true", "yes", "on": true
  case "0", "false", "no", "off": false
  default: nil
  }
}
