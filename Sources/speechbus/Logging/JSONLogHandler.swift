import Foundation
import Logging

/// Writes one JSON object a line to standard error: `time`, `level`, `logger`, `message` and the metadata.
struct JSONLogHandler: LogHandler {
  private let label: String
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(label: String, level: Logger.Level) {
    self.label = label
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let given = event.metadata { fields.merge(given) { $1 } }
    var line = fields.mapValues(\.description)
    line["time"] = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    line["level"] = event.level.rawValue
    line["logger"] = label
    line["message"] = event.message.description
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var data = try? encoder.encode(line) else { return }
    data.append(UInt8(ascii: "\n"))
    // One write a line, so that lines of several threads don't mix.
    FileHandle.standardError.write(data)
  }
}
