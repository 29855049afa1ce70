import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// Worker processes that are killed, stopped, or stopped twice.
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

    /// A service in this process, in place of a worker.
    func fixture() async throws -> BusFixture {
      let names = names
      return try await BusFixture {
        $0.names = names
        $0.queueType = .quorum
        $0.suspectInterval = .milliseconds(100)
      }
    }

    func messageCount(_ queue: String) async throws -> Int { try await state(queue).messageCount }

    /// Whether no suspect waits, and a worker consumes requests.
    func suspectsAreDone() async throws -> Bool {
      let isConsuming = try await state(names.synthesize).consumerCount > 0
      return try await messageCount(names.suspects) == 0 && isConsuming
    }

    private func state(_ queue: String) async throws -> QueueState {
      let configuration = try ConnectionConfiguration(url: broker.url)
      let connection = try await Connection.open(configuration, endpoint: configuration.endpoints[0])
      defer { Task { await connection.close() } }
      return try await connection.openChannel().inspect(queue: queue)
    }
  }

  @Test func killedAtTenRandomMomentsNothingIsLost() async throws {
    let scene = try await Scene()
    var worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    let texts = (0..<200).map { "sleep=\(20 + $0 % 5 * 20) killed \($0)" }
    try await client.sendAll(texts)
    for _ in 0..<10 {
      // A suspect that is alone at three kills would count as their cause.
      try await eventually(within: .seconds(60)) { try await scene.suspectsAreDone() }
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

  /// The stub ends its process 200 ms after the work on the poisonous text begins. At that moment three other requests
  /// run and five wait in the same worker.
  @Test func aRequestThatEndsItsWorkersIsGivenUpAfterThreeAndCostsNoOtherOne() async throws {
    let scene = try await Scene(settings: ["BUS_LOOKAHEAD": "8"])
    var worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    let innocents = (0..<3).map { "sleep=2000 runs \($0)" } + (0..<5).map { "sleep=50 waits \($0)" }
    for text in innocents[..<3] + ["sleep=200 kill=1 poison"] + innocents[3...] { try await client.send(text) }
    for _ in 0..<3 {
      #expect(await worker.exitStatus() == -SIGKILL)
      worker = try await scene.worker()
    }
    try await eventually(within: .seconds(60)) {
      client.unanswered(innocents).isEmpty && !client.inbox.errors.isEmpty
    }
    // The broker counts a message some time after it confirmed it.
    try await eventually { try await scene.messageCount(scene.names.dead) == 1 }
    try await eventually { try await scene.suspectsAreDone() }
    #expect(client.inbox.errors.count == 1 && client.inbox.errors[0].contains(#""code":"worker_lost""#))
    #expect(client.inbox.errors.allSatisfy { $0.contains(#""retryable":false"#) })
    #expect(
      client.inbox.byCorrelationID.mapValues(\.count) == Dictionary(uniqueKeysWithValues: innocents.map { ($0, 1) }))
    worker.signal(SIGTERM)
    #expect(await worker.exitStatus() == 0)
    await client.stop()
  }

  /// Two requests are running when the worker is killed. The next one answers the first before it starts the second.
  @Test func suspectsRunOneAfterTheOther() async throws {
    let scene = try await Scene(settings: ["BUS_SLOTS": "2"])
    let worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    let texts = ["sleep=1000 first", "sleep=1000 second"]
    try await client.sendAll(texts)
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 0 }
    worker.signal(SIGKILL)
    _ = await worker.exitStatus()
    let bus = try await scene.fixture()
    try await eventually { bus.handler.started.count == 1 }
    #expect(bus.service.currentState.connection == .connected)
    try await eventually { bus.handler.started.count == 2 }
    #expect(bus.service.currentState.runningCount == 1)
    try await eventually { client.unanswered(texts).isEmpty }
    #expect(bus.events.count(.workerLost) == 2)
    // Then it consumes again.
    try await client.send("after")
    try await eventually { client.unanswered(["after"]).isEmpty }
    await client.stop()
    await bus.stop()
  }

  /// Two requests of a killed worker are long. The first worker runs one of them, and leaves the rest to the second.
  @Test func anotherWorkerConsumesWhileOneRunsSuspects() async throws {
    let scene = try await Scene()
    let worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    try await client.sendAll(["sleep=60000 first", "sleep=60000 second"])
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 0 }
    worker.signal(SIGKILL)
    _ = await worker.exitStatus()
    let alone = try await scene.fixture()
    try await eventually { alone.handler.started.count == 1 }
    let other = try await scene.fixture()
    let texts = (0..<20).map { "fresh \($0)" }
    try await client.sendAll(texts)
    try await eventually { client.unanswered(texts).isEmpty }
    #expect(Set(other.handler.started) == Set(texts) && alone.handler.started.count == 1)
    #expect(try await scene.messageCount(scene.names.suspects) == 1)
    await client.stop()
    await other.stopKeepingQueues()
    await alone.stop()
  }

  /// One request runs, and three wait, in a worker that is stopped with a short drain time.
  @Test func whatADrainReturnsIsNoSuspect() async throws {
    let scene = try await Scene(settings: ["BUS_SLOTS": "1", "BUS_LOOKAHEAD": "4", "BUS_DRAIN_SECONDS": "1"])
    let worker = try await scene.worker()
    let client = try await DurableClient(url: scene.broker.url, names: scene.names)
    for number in 0..<4 { try await client.send("sleep=60000 returned \(number)") }
    try await eventually { try await scene.messageCount(scene.names.synthesize) == 0 }
    worker.signal(SIGTERM)
    #expect(await worker.exitStatus() == 0)
    let connection = try await Connection.openAny(try ConnectionConfiguration(url: scene.broker.url))
    let channel = try await connection.openChannel()
    var returned: [Delivery] = []
    while let delivery = try await channel.get(queue: scene.names.synthesize) { returned.append(delivery) }
    #expect(returned.count == 4)
    #expect(returned.allSatisfy { !$0.redelivered && $0.message.properties.headers["x-lost-workers"] == nil })
    #expect(returned.allSatisfy { $0.message.properties.replyTo == client.replyQueue })
    await connection.close()
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
    // A clean stop finishes and acknowledges the running requests, so no request ran twice.
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
    // The request was not settled, so the next worker gets it.
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
