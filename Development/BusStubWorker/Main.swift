import AMQPAdapter
import Foundation
import Logging
import RabbitMQ
import ServiceLifecycle
import TestSupport
import UnixSignals

/// A worker process with the bus but no model, for tests that kill a worker and for measurements of the bus alone.
///
/// Settings: `BUS_URL`, `BUS_PREFIX` (tts), `BUS_SLOTS` (4), `BUS_LOOKAHEAD`, `BUS_QUEUE_TYPE` (quorum),
/// `BUS_DRAIN_SECONDS` (30), `BUS_LOG` (warning). Prints `ready` once it consumes.
@main struct BusStubWorker {
  static func main() async {
    do {
      try await run()
    } catch {
      FileHandle.standardError.write(Data("bus-stub-worker: \(error)\n".utf8))
      exit(EXIT_FAILURE)
    }
  }

  private static func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var configuration = AMQPConfiguration(
      connection: try ConnectionConfiguration(url: environment["BUS_URL"] ?? "amqp://127.0.0.1/"),
      names: QueueNames(prefix: environment["BUS_PREFIX"] ?? "tts"),
      slots: environment["BUS_SLOTS"].flatMap { Int($0) } ?? 4)
    if let type = environment["BUS_QUEUE_TYPE"].flatMap({ AMQPConfiguration.QueueType(rawValue: $0) }) {
      configuration.queueType = type
    }
    if let lookahead = environment["BUS_LOOKAHEAD"].flatMap({ Int($0) }) { configuration.lookahead = lookahead }
    if let seconds = environment["BUS_DRAIN_SECONDS"].flatMap({ Int($0) }) {
      configuration.drainTime = .seconds(seconds)
    }
    var logger = Logger(label: "bus-stub-worker") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = environment["BUS_LOG"].flatMap { Logger.Level(rawValue: $0) } ?? .warning

    let service = AMQPConsumerService(
      configuration: configuration, handler: StubSpeechHandler(recordsTexts: false), logger: logger)
    let group = ServiceGroup(services: [service], logger: logger)
    let signals = Task {
      var isFirst = true
      for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
        if isFirst { await group.triggerGracefulShutdown() } else { service.stopNow() }
        isFirst = false
      }
    }
    let readiness = Task {
      while service.currentState.connection != AMQPState.Connection.connected {
        try await Task.sleep(for: .milliseconds(20))
      }
      FileHandle.standardOutput.write(Data("ready\n".utf8))
    }
    defer {
      signals.cancel()
      readiness.cancel()
    }
    try await group.run()
  }
}
