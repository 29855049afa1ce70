import Foundation
import RabbitMQ
import SpeechCore
import Testing

@testable import AMQPAdapter

struct DeadLetterDecisionTests {
  private func decision(_ reason: String?, replyTo: Bool = true) -> DeadLetterDecision {
    DeadLetterDecision(
      reason.map { MessageDeath(queue: "tts.synthesize", reason: $0) }, hasReplyTo: replyTo, deliveries: 21)
  }

  @Test func anExpiredRequestEndsWithAnAnswer() {
    for replyTo in [true, false] {
      guard case .end(let error, .deadline) = decision("expired", replyTo: replyTo) else {
        Issue.record("it is kept")
        continue
      }
      #expect(error.code == .deadlineExceeded)
    }
  }

  @Test func aRequestThatEndsWorkersIsAnsweredAndKept() {
    guard case .keep(let error, answers: true) = decision("delivery_limit") else {
      Issue.record("it is not kept")
      return
    }
    #expect(error.code == .workerLost && !error.isRetryable && error.message.hasPrefix("21 times"))
    #expect(decision("delivery_limit", replyTo: false) == .keep(error, answers: false))
  }

  @Test func aRequestThatDidNotFitIsAnsweredOrKept() {
    guard case .end(let error, nil) = decision("maxlen") else {
      Issue.record("it is kept")
      return
    }
    #expect(error.code == .overloaded && error.isRetryable)
    #expect(decision("maxlen", replyTo: false) == .keep(error, answers: false))
  }

  @Test func everythingElseIsKept() {
    guard case .keep(let rejected, answers: true) = decision("rejected") else {
      Issue.record("it is not kept")
      return
    }
    #expect(rejected.code == .internal && rejected.message.hasSuffix("rejected"))
    guard case .keep(let unknown, answers: false) = decision(nil) else {
      Issue.record("it is not kept")
      return
    }
    #expect(unknown.code == .invalidRequest)
  }

  /// A request that waited in a retry queue has an older entry of that queue.
  @Test func theNewestDeathCounts() {
    let headers: FieldTable = [
      "x-death": .array([
        .table([
          "queue": "tts.synthesize", "reason": "delivery_limit", "time": .timestamp(1_700_000_000), "count": 1,
        ]),
        .table(["queue": "tts.retry.synthesize.1000ms", "reason": "expired", "count": 2]),
      ])
    ]
    #expect(
      MessageDeath(headers)
        == MessageDeath(
          queue: "tts.synthesize", reason: "delivery_limit", time: Date(timeIntervalSince1970: 1_700_000_000)))
    #expect(MessageDeath.time(headers) == Date(timeIntervalSince1970: 1_700_000_000))
    #expect(
      MessageDeath.time(headers.merging(["x-dead-at": 1_700_000_000_500]) { $1 })
        == Date(timeIntervalSince1970: 1_700_000_000.5))
  }

  @Test func oddDeathsAreNone() {
    let odd: [FieldValue] = [
      "text", 1, .array([]), .array(["text"]), .array([.table([:])]), .array([.table(["queue": 1, "reason": 2])]),
    ]
    for value in odd {
      #expect(MessageDeath(["x-death": value]) == nil && MessageDeath.time(["x-death": value]) == nil)
    }
  }
}
