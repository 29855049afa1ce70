import Foundation
import Logging
import Synchronization
import Testing

@testable import Observability

struct LineLogHandlerTests {
  private final class Sink: Sendable {
    let lines = Mutex<[String]>([])
  }

  private func logger(_ format: LogFormat, into sink: Sink) -> Logger {
    Logger(label: "test") { label in
      LineLogHandler(label: label, format: format, level: .info) { line in sink.lines.withLock { $0.append(line) } }
    }
  }

  @Test func jsonLinesParseAndCarryMetadata() throws {
    let sink = Sink()
    logger(.json, into: sink).info(
      "done", metadata: ["request_id": "abc", "attempt": .stringConvertible(2), "seconds": .stringConvertible(0.5)])
    let line = try #require(sink.lines.withLock { $0.first })
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["message"] as? String == "done")
    #expect(object["request_id"] as? String == "abc")
    #expect(object["attempt"] as? Int == 2 && object["seconds"] as? Double == 0.5)
    #expect(object["level"] as? String == "info")
  }

  @Test func outsideTextCannotStartALine() throws {
    let sink = Sink()
    logger(.text, into: sink).warning("bad\nfake", metadata: ["key": "a\r\nb"])
    let line = try #require(sink.lines.withLock { $0.first })
    #expect(line.split(separator: "\n").count == 1)
    #expect(line.contains("bad\\nfake key=\"a\\r\\nb\""))
  }

  /// F24: neither escape sequences nor marks that reverse text reach a terminal.
  @Test func outsideTextCannotControlATerminal() throws {
    let sink = Sink()
    logger(.text, into: sink).warning("\u{1B}[2Jred", metadata: ["id": "a\u{7}\u{9B}b\u{202E}c", "é": "é"])
    let line = try #require(sink.lines.withLock { $0.first }).dropLast()
    #expect(line.contains(#"\u{1B}[2Jred"#) && line.contains(#"id=a\u{7}\u{9B}b\u{202E}c"#) && line.contains("é=é"))
    #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  @Test func levelsBelowTheSettingAreDropped() {
    let sink = Sink()
    logger(.text, into: sink).debug("quiet")
    #expect(sink.lines.withLock { $0.isEmpty })
  }
}
