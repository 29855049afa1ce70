import AMQPAdapter
import Foundation
import FoundationNetworking
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

/// The counters of the alert rules on the running service: each test causes a fault and reads its counter.
@Suite(.timeLimit(.minutes(5)))
struct TroubleMetricsTests {
  /// Waits until a counter has reached `count`; the time limit of the suite ends it.
  private func reaches(_ name: String, _ count: Double, _ service: ServiceProcess) async throws {
    while try await service.metric(name) < count { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try await service.metric(name) == count, "\(name)")
  }

  @Test func redeliveriesDeadLettersAndReconnectsAreCounted() async throws {
    let broker = try await PrivateBroker.start(name: "troubled")
    let names = QueueNames(synthesize: "troubled")
    let configuration = try AMQPConfiguration(
      connection: ConnectionConfiguration(url: broker.url), names: names, slots: 1)
    let connection = try await Connection.open(
      configuration.connection, endpoint: configuration.connection.endpoints[0])
    _ = try await TopologyPlan(configuration).declare(on: connection)
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    // This request has no reply queue for its error, and an earlier consumer returned it.
    try await channel.publish(Message(body: Data("{".utf8)), routingKey: names.synthesize)
    let delivery = try #require(try await channel.get(queue: names.synthesize))
    channel.reject(delivery.deliveryTag, requeue: true)
    await connection.close()

    let service = try await ServiceProcess(broker: broker.url, settings: ["SPEECHBUS_QUEUE": names.synthesize])
    try await reaches("speechbus_dead_letters_total", 1, service)
    try await reaches("speechbus_redeliveries_total", 1, service)
    #expect(try await service.metric("speechbus_amqp_reconnects_total") == 0)

    try await broker.control("close_all_connections", "by a test")
    try await reaches("speechbus_amqp_reconnects_total", 1, service)
    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: names, replyMode: .direct)
    #expect(try await client.synthesize(SynthesisRequest(text: "Still here.")).durationSeconds > 0)
    await client.close()
    service.signal(SIGTERM)
    #expect(await service.exitStatus() == 0)
    try await broker.remove()
  }

  /// Many requests of one user: over HTTP some are refused with `Retry-After`, on the bus the rest waits in the broker.
  @Test func aUserOverTheLimitIsRefusedOverHTTPAndPostponedOnTheBus() async throws {
    let broker = try await PrivateBroker.shared()
    let service = try await ServiceProcess(
      broker: broker.url,
      settings: [
        "SPEECHBUS_QUEUE": "limited", "SPEECHBUS_USER_RUNNING": "1", "SPEECHBUS_USER_WAITING": "1",
      ])
    let text = String(repeating: "Ada has a lot to say. ", count: 8)
    let url = service.baseURL.appending(path: "api/v1/tts/synthesize")
    let answers = try await withThrowingTaskGroup(of: HTTPURLResponse.self) { group in
      for _ in 0..<6 {
        group.addTask {
          var request = URLRequest(url: url)
          request.httpMethod = "POST"
          request.setValue("application/json", forHTTPHeaderField: "Content-Type")
          request.httpBody = try JSONEncoder().encode(["text": text, "user_id": "ada"])
          return try #require(try await URLSession.shared.data(for: request).1 as? HTTPURLResponse)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let refused = answers.filter { $0.statusCode == 429 }
    #expect(!refused.isEmpty && answers.count { $0.statusCode == 200 } == answers.count - refused.count)
    #expect(refused.allSatisfy { ($0.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) } ?? 0) > 0 })
    #expect(
      try await service.metric(#"speechbus_user_refused_total{transport="http"}"#) == Double(refused.count))

    let client = try await AMQPRequester.connect(
      ConnectionConfiguration(url: broker.url), names: QueueNames(synthesize: "limited"), replyMode: .direct)
    var request = SynthesisRequest(text: text)
    request.userID = "ada"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask { [request] in _ = try await client.synthesize(request) }
      }
      try await group.waitForAll()
    }
    #expect(try await service.metric("speechbus_user_postponed_total") > 0)
    await client.close()
    withExtendedLifetime(service) {}
  }
}
