import Foundation
import Testing

@testable import AMQPAdapter
@testable import RabbitMQ

struct TopologyPlanTests {
  private func configuration() throws -> AMQPConfiguration {
    AMQPConfiguration(connection: try ConnectionConfiguration(url: "amqp://localhost"))
  }

  @Test func namesAreTheContracts() throws {
    let plan = TopologyPlan(try configuration())
    #expect(
      plan.queues.map(\.name) == [
        "tts.dead", "tts.dead.incoming", "tts.synthesize", "tts.voices.register", "tts.voices.list",
        "tts.voices.delete", "tts.lexicon.put", "tts.lexicon.list", "tts.lexicon.delete", "tts.config",
        "tts.suspects.synthesize",
        "tts.retry.synthesize.1000ms", "tts.retry.synthesize.5000ms", "tts.retry.synthesize.30000ms",
        "tts.retry.synthesize.120000ms", "tts.replies.refused", "tts.replies.retry",
      ])
    #expect(plan.exchanges == [ExchangeDeclaration(name: "tts.control", kind: .fanout)])
    #expect(QueueNames(synthesize: "speech").retry(after: .seconds(1)) == "tts.retry.speech.1000ms")
    #expect(QueueNames(synthesize: "speech").suspects == "tts.suspects.speech")
  }

  @Test func requestQueuesAreQuorumWithALimitAndDeadLetters() throws {
    let plan = TopologyPlan(try configuration())
    let queue = try #require(plan.queues.first { $0.name == "tts.synthesize" })
    #expect(queue.durable && !queue.exclusive && !queue.autoDelete)
    #expect(queue.arguments["x-queue-type"] == "quorum")
    #expect(queue.arguments["x-delivery-limit"] == 20)
    #expect(queue.arguments["x-dead-letter-exchange"] == "")
    #expect(queue.arguments["x-dead-letter-routing-key"] == "tts.dead.incoming")
    let incoming = try #require(plan.queues.first { $0.name == "tts.dead.incoming" })
    #expect(incoming.arguments["x-dead-letter-routing-key"] == "tts.dead")
    let dead = try #require(plan.queues.first { $0.name == "tts.dead" })
    #expect(dead.arguments == ["x-queue-type": "quorum", "x-delivery-limit": 1_000_000_000])
    let retry = try #require(plan.queues.first { $0.name == "tts.retry.synthesize.5000ms" })
    #expect(retry.arguments["x-message-ttl"] == 5000)
    #expect(retry.arguments["x-dead-letter-routing-key"] == "tts.synthesize")
  }

  @Test func classicQueuesHaveNoQuorumArguments() throws {
    var configuration = try configuration()
    configuration.queueType = .classic
    for queue in TopologyPlan(configuration).queues {
      #expect(queue.arguments["x-queue-type"] == "classic")
      #expect(queue.arguments["x-delivery-limit"] == nil)
      #expect((queue.arguments["x-overflow"] == nil) == (queue.name != "tts.replies.retry"))
    }
  }

  @Test func refusedRepliesWaitInABoundedQueue() throws {
    let plan = TopologyPlan(try configuration())
    let waiting = try #require(plan.queues.first { $0.name == "tts.replies.retry" })
    #expect(waiting.arguments["x-max-length"] == 10_000 && waiting.arguments["x-max-length-bytes"] == .integer(1 << 30))
    #expect(waiting.arguments["x-overflow"] == "reject-publish" && waiting.arguments["x-message-ttl"] == nil)
    #expect(waiting.arguments["x-dead-letter-routing-key"] == "tts.replies.refused")
  }

  @Test func equalDelaysShareAQueue() throws {
    var configuration = try configuration()
    configuration.retryDelays = [.seconds(1), .seconds(1)]
    #expect(TopologyPlan(configuration).queues.count { $0.name.hasPrefix("tts.retry") } == 1)
  }

  @Test func theReportIsJSON() throws {
    let report = TopologyReport(
      queues: [TopologyReport.Entry(name: "q", state: .different, messages: 3, consumers: 0)],
      plan: TopologyPlan(try configuration()))
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report)) as? [String: Any]
    let queue = (json?["queues"] as? [[String: Any]])?.first
    #expect(queue?["state"] as? String == "different" && queue?["messages"] as? Int == 3)
    #expect(report.differing == ["q"])
  }

  @Test func prefetchIsSlotsAndLookaheadUnlessFixed() {
    #expect(AMQPConfiguration.prefetch(slots: 4, lookahead: 2, fixed: 0) == 6)
    #expect(AMQPConfiguration.prefetch(slots: 4, lookahead: 2, fixed: 50) == 50)
    #expect(AMQPConfiguration.prefetch(slots: 0, lookahead: 0, fixed: 0) == 1)
    #expect(AMQPConfiguration.prefetch(slots: 99_999, lookahead: 2, fixed: 0) == .max)
  }
}
