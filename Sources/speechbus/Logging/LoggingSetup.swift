import Foundation
import Logging
import Observability

enum LoggingSetup {
  /// Installs the log handler for the process: text on a terminal, JSON lines otherwise, unless set.
  static func install(_ flags: LogFlags, _ environment: Environment = .process) throws(BadSetting) {
    let format =
      try environment(Settings.logFormat, flag: flags.logFormat) ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
    let level = Logger.Level(rawValue: try environment(Settings.logLevel, flag: flags.log).rawValue) ?? .info
    LoggingSystem.bootstrap { LineLogHandler(label: $0, format: format, level: level) }
  }
}
