import Foundation
import Logging
import Synchronization
import Testing

@testable import RabbitMQ

@Suite(.timeLimit(.minutes(1)))
struct RecoveringConnectionTests {
  @Test func whyItCannotConnectIsToldOnceHoweverOftenItIsTried() async throws {
    let port = try ReservedPort()
    let lines = LogLines()
    var configuration = ConnectionConfiguration(endpoints: [BrokerEndpoint(host: "127.0.0.1", port: port.number)])
    configuration.connectTimeoutSeconds = 2
    var logger = Logger(label: "test") { _ in lines }
    logger.logLevel = .debug
    let connection = RecoveringConnection(
      configuration: configuration, backOff: BackOff(initial: .milliseconds(1), maximum: .milliseconds(2)),
      logger: logger)
    let running = Task { try await connection.run(RecoveringConnection.Callbacks { _ in }) }
    for await _ in lines.failures.prefix(5) {}
    running.cancel()
    try await running.value
    #expect(lines.warningCount == 1)
  }
}

/// A port that nobody can listen on while this lives, so that connecting to it is refused.
private final class ReservedPort: Sendable {
  let number: Int
  private let descriptor: Int32

  struct Failure: Error {}

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (isBound, isNamed) = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        (bind(descriptor, $0, size) == 0, getsockname(descriptor, $0, &size) == 0)
      }
    }
    guard isBound, isNamed else { throw Failure() }
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}

/// Keeps what is logged of failed attempts.
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
