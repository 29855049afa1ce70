import Foundation

/// The process's environment as settings are read from it.
struct Environment: Sendable {
  var variables: [String: String]

  static let process = Environment(variables: ProcessInfo.processInfo.environment)

  func callAsFunction<Value>(_ setting: Setting<Value>, flag: String? = nil) throws(BadSetting) -> Value {
    try setting.resolve(flag: flag, environment: variables)
  }
}
