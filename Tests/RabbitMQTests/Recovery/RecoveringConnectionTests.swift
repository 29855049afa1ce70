import Foundation
import Logging
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import RabbitMQ

@Suite(.timeLimit(.minutes(1)))
struct RecoveringConnectionTests {
  @Test func whyItCannotConnectIsToldOnceHoweverOftenItIsTried() async throws {
    let port = try LoopbackSocket(listens: false)
    let lines = LogLines()
    var configuration = ConnectionConfiguration(endpoints: [BrokerEndpoint(host: "127.0.0.1", port: port.port)])
    configuration.connectTimeoutSeconds = 2
    var logger = Logger(label: "test") { _ in lines }
    logger.logLevel = .debug
    let connection = RecoveringConnection(
      configuration: configuration, backOff: RetryBackoff(initial: .milliseconds(1), maximum: .milliseconds(2)),
      logger: logger)
    let running = Task { try await connection.run { _ in } }
    for await _ in lines.failures.prefix(5) {}
    running.cancel()
    try await running.value
    #expect(lines.warningCount == 1)
  }
}

/// Collects the log lines of failed attempts.
private final class LogLines: LogHandler {
  let failures: AsyncStream<Void>
  private let sink: AsyncStream<Void>.Continuation
  private let warnings = Mutex(0)

  init() { (failures, sink) = AsyncStream.makeStream() }

  var warningCount: Int { warnings.withLock { $0 } }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .debug }
    set {}
  }
  subscript(metadataKey _: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    guard event.message == "can't connect to the broker" else { return }
    if event.level >= .warning { warnings.withLock { $0 += 1 } }
    sink.yield()
  }
}
