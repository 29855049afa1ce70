import AMQPAdapter
import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

/// What happens to worker processes: killed, stopped, stopped twice.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct WorkerLossTests {
  private struct Scene {
    let broker: PrivateBroker
    let prefix = "w\(UUID().uuidString.prefix(8))"
    var names: QueueNames { QueueNames(prefix: prefix) }
    let settings: [String: String]

    init(settings: [String: String] = [:]) async throws {
      broker = try await PrivateBroker.shared()
      self.settings = settings
    }

    func worker() async throws -> WorkerProcess {
      try await WorkerProcess(url: broker.url, prefix: prefix, settings: settings)
    }

    func messageCount(_ queue: String) async throws -> Int {
      let configuration = try ConnectionConfiguration(url: broker.url)
      let connection = try await Connection.open(configuration, endpoint: configuration.endpoints[0])
      defer { Task { await connection.close() } }
      return try await connection.openChannel().inspect(queue: queue).messageCount
    }
  }

  @Test func killedAtTenRandomMomentsNothingIsLost() async throws {
    let scene = try await Scene()
    var worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    let texts = (0..<200).map { "sleep=\(20 + $0 % 5 * 20) killed \($0)" }
    try await client.sendAll(texts)
    for _ in 0..<10 {
      try await Task.sleep(for: .milliseconds(Int.random(in: 50...500)))
      worker.signal(SIGKILL)
      #expect(await worker.exitStatus() == -SIGKILL)
      worker = try await scene.worker()
    }
    try await eventually(within: .seconds(90)) { client.unanswered(texts).isEmpty }
    #expect(client.inbox.errors.isEmpty)
    #expect(try await scene.messageCount(scene.names.dead) == 0)
    worker.signal(SIGTERM)
    #expect(await worker.exitStatus() == 0)
    await client.stop()
  }

  @Test func stoppedUnderLoadNothingIsLostAndTheExitIsClean() async throws {
    let scene = try await Scene(settings: ["BUS_DRAIN_SECONDS": "10"])
    let first = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    let texts = (0..<100).map { "sleep=100 stopped \($0)" }
    try await client.sendAll(texts)
    try await eventually { client.unanswered(texts).count < 90 }
    let began = ContinuousClock.now
    first.signal(SIGTERM)
    #expect(await first.exitStatus() == 0)
    #expect(ContinuousClock.now - began < .seconds(10))
    try await eventually { try await scene.messageCount(scene.names.synthesize) > 0 }
    let second = try await scene.worker()
    try await eventually { client.unanswered(texts).isEmpty }
    // A clean stop finishes and acknowledges what it began, so nothing was done twice.
    #expect(client.inbox.byCorrelationID.values.allSatisfy { $0.count == 1 })
    #expect(try await scene.messageCount(scene.names.dead) == 0)
    second.signal(SIGTERM)
    #expect(await second.exitStatus() == 0)
    await client.stop()
  }

  @Test func theDrainTimeEndsWhatRunsTooLong() async throws {
    let scene = try await Scene(settings: ["BUS_DRAIN_SECONDS": "1"])
    let worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    try await client.send("sleep=60000 long")
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 0 }
    worker.signal(SIGTERM)
    #expect(await worker.exitStatus() == 0)
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 1 }
    await client.stop()
  }

  @Test func aSecondSignalStopsAtOnce() async throws {
    let scene = try await Scene(settings: ["BUS_DRAIN_SECONDS": "60"])
    let worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    try await client.send("sleep=60000 long")
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 0 }
    let began = ContinuousClock.now
    worker.signal(SIGTERM)
    try await Task.sleep(for: .milliseconds(300))
    worker.signal(SIGTERM)
    _ = await worker.exitStatus()
    #expect(ContinuousClock.now - began < .seconds(5))
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 1 }
    await client.stop()
  }

  @Test func aStopDoesNotWaitForABrokerThatIsAway() async throws {
    let scene = try await Scene()
    let proxy = try TCPProxy(target: scene.broker.port)
    let worker = try await WorkerProcess(
      url: proxy.url, prefix: scene.prefix, settings: ["BUS_DRAIN_SECONDS": "1", "BUS_LOG": "critical"])
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    try await client.send("sleep=500 answered into the void")
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 0 }
    proxy.refuseNew(true)
    proxy.cut()
    let began = ContinuousClock.now
    worker.signal(SIGTERM)
    #expect(await worker.exitStatus() == 0)
    #expect(ContinuousClock.now - began < .seconds(10))
    // The request was not settled, so it is there for the next worker.
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 1 }
    await client.stop()
    proxy.close()
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["SPEECHBUS_LONG_TESTS"] == "1"))
  func aHeartbeatOfFiveSecondsSurvivesASynthesisOfSixty() async throws {
    let bus = try await BusFixture(url: "\(try await PrivateBroker.shared().url)?heartbeat=5")
    let requester = try await bus.requester()
    #expect(try await requester.synthesize(SynthesisRequest(text: "sleep=60000")).audio != nil)
    #expect(bus.service.currentState.reconnectCount == 0)
    await requester.close()
    await bus.stop()
  }
}
