import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// Losses of the connection between the service and the broker.
@Suite(.timeLimit(.minutes(3)))
struct ConnectionLossTests {
  private func proxied(
    heartbeatSeconds: Int = 30
  ) async throws -> (TCPProxy, BusFixture, DurableClient) {
    let broker = try await PrivateBroker.shared()
    let proxy = try TCPProxy(target: broker.port)
    let bus = try await BusFixture(url: "\(proxy.url)?heartbeat=\(heartbeatSeconds)") { $0.queueType = .quorum }
    return (proxy, bus, try await DurableClient(url: broker.url, names: bus.configuration.names))
  }

  @Test func aCutLineIsMendedAndEveryRequestAnswered() async throws {
    let (proxy, bus, client) = try await proxied()
    let texts = (0..<20).map { "sleep=300 cut \($0)" }
    try await client.sendAll(texts)
    for _ in 0..<3 {
      try await eventually { bus.service.currentState.runningCount > 0 }
      proxy.cut()
      try await eventually { bus.service.currentState.connection == .connected }
    }
    try await eventually(within: .seconds(60)) { client.unanswered(texts).isEmpty }
    #expect(bus.service.currentState.reconnectCount >= 2)
    proxy.restore()
    #expect(try await bus.messageCount(bus.configuration.names.dead) == 0)
    await client.stop()
    await bus.stop()
    proxy.close()
  }

  /// The service knows the requests that it lost with its connection, so they are no suspects.
  @Test func aLostConnectionIsNoLostWorker() async throws {
    let (proxy, bus, client) = try await proxied()
    let texts = (0..<6).map { "sleep=1500 lost \($0)" }
    try await client.sendAll(texts)
    try await eventually { bus.service.currentState.runningCount + bus.service.currentState.waitingCount == 6 }
    proxy.cut()
    try await eventually(within: .seconds(60)) { client.unanswered(texts).isEmpty }
    try await eventually { bus.events.count(.received(redelivered: true)) == 6 }
    #expect(bus.events.count(.workerLost) == 0)
    proxy.restore()
    await client.stop()
    await bus.stop()
    proxy.close()
  }

  @Test(arguments: [Set<TCPProxy.Direction>([.toBroker]), [.toClient], [.toBroker, .toClient]])
  func aHalfOpenLineIsNoticedByHeartbeats(swallowed: Set<TCPProxy.Direction>) async throws {
    let (proxy, bus, client) = try await proxied(heartbeatSeconds: 1)
    let texts = (0..<8).map { "sleep=500 half open \($0)" }
    try await client.sendAll(texts)
    try await eventually { bus.service.currentState.runningCount > 0 }
    proxy.swallow(swallowed)
    try await eventually { bus.service.currentState.connection == .connecting }
    proxy.restore()
    // Connections that were opened while the proxy discarded all data must time out.
    try await eventually(within: .seconds(90)) { client.unanswered(texts).isEmpty }
    #expect(client.inbox.errors.isEmpty)
    await client.stop()
    await bus.stop()
    proxy.close()
  }

  @Test func aDeletedQueueIsDeclaredAgain() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let (connection, channel) = try await bus.channel()
    try await channel.delete(queue: bus.configuration.names.synthesize)
    let reply = try await retried { try await requester.synthesize(SynthesisRequest(text: "after")) }
    #expect(reply.audio == StubSpeechHandler.audio(for: "after"))
    // Another client may have declared the queue again with other properties.
    try await channel.delete(queue: bus.configuration.names.synthesize)
    _ = try? await channel.declare(
      QueueDeclaration(name: bus.configuration.names.synthesize, arguments: ["x-max-length": 1000]))
    let second = try await retried { try await requester.synthesize(SynthesisRequest(text: "again")) }
    #expect(second.audio == StubSpeechHandler.audio(for: "again"))
    await connection.close()
    await requester.close()
    await bus.stop()
  }

  /// Retries a request, because it fails until the queue is declared.
  private func retried(_ request: () async throws -> SynthesisReply) async throws -> SynthesisReply {
    for _ in 0..<200 {
      do {
        return try await request()
      } catch let error as AMQPAdapterError where error.code == .queueMissing {
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    return try await request()
  }
}

/// Failures of the whole broker. The tests run one after the other on their own broker.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct BrokerLossTests {
  @Test(arguments: [false, true])
  func theBrokerRestartsMidSynthesis(asACrash: Bool) async throws {
    let broker = try await PrivateBroker.disruptable()
    let bus = try await BusFixture(broker) { $0.queueType = .quorum }
    let client = try await DurableClient(url: broker.url, names: bus.configuration.names)
    let texts = (0..<12).map { "sleep=1500 restart \($0)" }
    try await client.sendAll(texts)
    try await eventually { bus.handler.started.count > 5 }
    if asACrash { try await broker.kill() } else { try await broker.stop() }
    try await eventually { bus.service.currentState.connection == .connecting }
    try await broker.startAgain()
    try await eventually(within: .seconds(90)) { client.unanswered(texts).isEmpty }
    try await eventually { bus.service.currentState.connection == .connected }
    #expect(client.inbox.errors.isEmpty)
    #expect(try await bus.messageCount(bus.configuration.names.dead) == 0)
    try await eventually { try await bus.messageCount(bus.configuration.names.synthesize) == 0 }
    await client.stop()
    await bus.stop()
  }

  @Test func aMemoryAlarmHoldsRepliesUpAndNoMore() async throws {
    let broker = try await PrivateBroker.disruptable()
    let bus = try await BusFixture(broker)
    let client = try await DurableClient(url: broker.url, names: bus.configuration.names)
    // The broker raises the alarm soon after its command line has returned; the sleep is the time for that.
    let texts = (0..<4).map { "hold sleep=3000 alarm \($0)" }
    try await client.sendAll(texts)
    try await eventually { bus.service.currentState.runningCount == 4 }
    try await broker.control("set_vm_memory_high_watermark", "absolute", "1MB")
    // The broker sends the notice only to connections that publish.
    bus.handler.release()
    try await eventually { bus.service.currentState.connection == .blocked }
    // Replies that wait for the broker occupy no slot.
    try await eventually(within: .seconds(60)) {
      bus.service.currentState.unconfirmedCount == 4 && bus.service.currentState.runningCount == 0
    }
    #expect(client.unanswered(texts).count == 4)
    try await broker.control("set_vm_memory_high_watermark", "absolute", "2GB")
    try await eventually { client.unanswered(texts).isEmpty }
    try await eventually { bus.service.currentState.connection == .connected }
    #expect(bus.service.currentState.reconnectCount == 0)
    await client.stop()
    await bus.stop()
  }
}
