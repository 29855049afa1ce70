import Foundation
import Logging

/// Writes log records to standard error, one line each, as text or JSON.
public struct LineLogHandler: LogHandler {
  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  private let label: String
  private let format: LogFormat
  private let write: @Sendable (String) -> Void

  /// A handler for one logger.
  public init(label: String, format: LogFormat, level: Logger.Level) {
    self.init(label: label, format: format, level: level) { line in
      // One write call per line, so that lines of several threads do not mix.
      let bytes = Array(line.utf8)
      bytes.withUnsafeBytes { _ = Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
  }

  init(label: String, format: LogFormat, level: Logger.Level, write: @escaping @Sendable (String) -> Void) {
    self.label = label
    self.format = format
    self.write = write
    logLevel = level
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let record = LogRecord(
      date: Date(), level: event.level, label: label, message: "\(event.message)", metadata: all)
    write(format.line(record))
  }
}
