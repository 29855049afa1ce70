import AMQPAdapter
import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport

/// Measures the AMQP service without inference: requests that are consumed, answered with about 1 kB, confirmed and
/// acknowledged.
///
/// `bus-bench [REQUESTS]`; settings: `BUS_URL`, `BUS_SLOTS` (256), `BUS_LOOKAHEAD` (512), `BUS_QUEUE_TYPE` (quorum),
/// `BUS_BROKER_PID` (also reports the broker's processor time), `BUS_STORAGE` (a folder; adds the real audit and
/// idempotency in front of the stub and reports the time they add), `BUS_RATE` (requests per second). Without a rate
/// the queue is filled first. The timed part is the service alone, with a client that takes the replies.
@main struct BusBench {
  static func main() async {
    do {
      try await run()
    } catch {
      FileHandle.standardError.write(Data("bus-bench: \(error)\n".utf8))
      exit(EXIT_FAILURE)
    }
  }

  private static func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let requestCount = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
    var configuration = AMQPConfiguration(
      connection: try ConnectionConfiguration(url: environment["BUS_URL"] ?? "amqp://127.0.0.1/"),
      names: QueueNames(prefix: "bench\(UUID().uuidString.prefix(8))"),
      slots: environment["BUS_SLOTS"].flatMap { Int($0) } ?? 256)
    configuration.lookahead = environment["BUS_LOOKAHEAD"].flatMap { Int($0) } ?? 512
    if let type = environment["BUS_QUEUE_TYPE"].flatMap({ AMQPConfiguration.QueueType(rawValue: $0) }) {
      configuration.queueType = type
    }

    let endpoint = configuration.connection.endpoints[0]
    let connection = try await Connection.open(configuration.connection, endpoint: endpoint)
    _ = try await TopologyPlan(configuration).declare(on: connection)
    let replies = try await ReplyCounter(connection)
    let rate = environment["BUS_RATE"].flatMap { Double($0) }
    if rate == nil { try await fill(configuration, connection, count: requestCount, replyTo: replies.queue) }
    let stub = StubSpeechHandler(recordsTexts: false)
    let stored = try environment["BUS_STORAGE"].map { try StoredRequests(folder: $0, stub: stub) }
    let handler = TimedRequests(stored?.handler ?? stub, engine: stored?.engine)

    let meter = Meter(brokerPID: environment["BUS_BROKER_PID"])
    let logger = Logger(label: "bus-bench") { StreamLogHandler.standardError(label: $0) }
    var quiet = logger
    quiet.logLevel = .warning
    let service = AMQPConsumerService(
      configuration: configuration, handler: handler, logger: quiet)
    meter.start()
    let serving = Task { try await service.run() }
    if let rate {
      try await publish(configuration, connection, count: requestCount, rate: rate, replyTo: replies.queue)
    }
    var reported = 0
    while replies.count < requestCount || service.currentState.runningCount > 0 {
      try await Task.sleep(for: .milliseconds(5))
      if replies.count - reported >= requestCount / 10 {
        reported = replies.count
        meter.mark(reported)
      }
    }
    meter.stop()
    serving.cancel()
    _ = await serving.result
    let channel = try await connection.openChannel()
    let left = try await channel.inspect(queue: configuration.names.synthesize).messageCount
    meter.report(
      requests: requestCount, replyBytes: replies.bytesPerReply, left: left,
      queueType: configuration.queueType.rawValue)
    Meter.report("around the stub", seconds: handler.added)
    if let stored {
      // Measures flushes of the same number of bytes that a request wrote to the disk, at the same rate.
      let byteCount = meter.storedBytes / requestCount
      let flushes = try await stored.flushTimes(byteCount: byteCount, rate: rate)
      Meter.report("one flush, \(byteCount / 1024) KiB", seconds: flushes)
      print("audit rows            \(try await stored.verifyAndRemove()), all verified")
    }
    for queue in TopologyPlan(configuration).queues { try await channel.delete(queue: queue.name) }
    try await channel.delete(exchange: configuration.names.control)
    await connection.close()
  }

  /// Publishes the requests with confirms, a thousand at a time.
  private static func fill(
    _ configuration: AMQPConfiguration, _ connection: Connection, count: Int, replyTo: String
  ) async throws {
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    for batch in stride(from: 0, to: count, by: 1000) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in batch..<min(count, batch + 1000) {
          group.addTask {
            try await channel.publish(request(number, replyTo: replyTo), routingKey: configuration.names.synthesize)
          }
        }
        try await group.waitForAll()
      }
    }
    await channel.close()
  }

  /// Publishes at a constant rate.
  private static func publish(
    _ configuration: AMQPConfiguration, _ connection: Connection, count: Int, rate: Double, replyTo: String
  ) async throws {
    let channel = try await connection.openChannel()
    let began = ContinuousClock.now
    for number in 0..<count {
      try await Task.sleep(until: began + .seconds(Double(number) / rate))
      try await channel.publish(request(number, replyTo: replyTo), routingKey: configuration.names.synthesize)
    }
    await channel.close()
  }

  private static func request(_ number: Int, replyTo: String) throws -> Message {
    let body = try JSONEncoder().encode(SynthesisRequest(text: "bytes=256 request \(number)"))
    let properties = MessageProperties(
      isPersistent: true, correlationID: "\(number)", replyTo: replyTo, messageID: "\(number)")
    return Message(properties: properties, body: body)
  }
}

/// Takes replies as fast as they arrive.
final class ReplyCounter: Sendable {
  let queue: String
  private let counts: Counts

  private final class Counts: Sendable {
    let replies = Atomic(0)
    let bytes = Atomic(0)
  }

  init(_ connection: Connection) async throws {
    let channel = try await connection.openChannel()
    let counts = Counts()
    self.counts = counts
    queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true)).name
    try await channel.consume(
      ConsumeOptions(queue: queue, consumerTag: "bench", noAcknowledge: true),
      onDelivery: { delivery in
        counts.bytes.add(delivery.message.body.count, ordering: .relaxed)
        counts.replies.add(1, ordering: .relaxed)
      })
  }

  var count: Int { counts.replies.load(ordering: .relaxed) }
  var bytesPerReply: Int { counts.bytes.load(ordering: .relaxed) / max(1, count) }
}
