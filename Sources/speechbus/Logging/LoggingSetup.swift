import Foundation
import Logging

enum LoggingSetup {
  /// Installs the log handler for the process: text on a terminal, JSON lines otherwise, unless set.
  static func install(level: LogLevel, format: LogFormat?) {
    let format = format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
    let level = Logger.Level(rawValue: level.rawValue) ?? .info
    LoggingSystem.bootstrap { label in
      switch format {
      case .json:
        return JSONLogHandler(label: label, level: level)
      case .text:
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = level
        return handler
      }
    }
  }
}
