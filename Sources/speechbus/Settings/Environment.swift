import Downloads
import Foundation

/// The process's environment as settings are read from it.
struct Environment: Sendable {
  var variables: [String: String]

  static let process = Environment(variables: ProcessInfo.processInfo.environment)

  /// - Parameter alias: the option's name where it is not the setting's.
  func callAsFunction<Value>(
    _ setting: Setting<Value>, flag: String? = nil, named alias: String? = nil
  ) throws(BadSetting) -> Value {
    try setting.resolve(flag: flag, named: alias, environment: variables)
  }

  /// The folder of the model. If no folder is set and the default one has no model, it is the cache of another program
  /// that has it.
  func modelDirectory(flag: String?, repository: String? = nil) throws(BadSetting) -> String {
    let path = try self(Settings.modelDirectory, flag: flag)
    guard path == Settings.modelDirectory.defaultValue, (try? ModelDirectory(path: path)) == nil else { return path }
    let repositoryID = try self(Settings.repository, flag: repository)
    return ModelCaches.model(of: repositoryID, environment: variables)?.path ?? path
  }

  /// The environment with options in place of their variables, for readers that take whole environments.
  func setting(_ flags: [(SettingDescription, String?)]) -> Environment {
    var result = self
    for case (let setting, let value?) in flags { result.variables[setting.name] = value }
    return result
  }

  /// Variables that look like settings and are none: misspelt, or of another version. Sorted.
  var unknownSettings: [String] {
    let known = Set(Settings.all.map(\.name))
    return variables.keys.filter { name in
      (name.hasPrefix("SPEECHBUS_") || name.hasPrefix("XTTS_")) && !known.contains(name)
    }.sorted()
  }
}

/// Prints no variable: they hold secrets.
extension Environment: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "Environment(\(variables.count) variables)" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
