import Foundation
import RabbitMQ
import Testing

@testable import AMQPAdapter

struct RequestEnvelopeTests {
  private let now = Date(timeIntervalSince1970: 1_000)

  private func envelope(_ change: (inout MessageProperties) -> Void) -> RequestEnvelope {
    var properties = MessageProperties()
    change(&properties)
    let delivery = Delivery(
      message: Message(properties: properties, body: Data()), deliveryTag: 7, redelivered: true, exchange: "",
      routingKey: "q")
    return RequestEnvelope(delivery, queue: "q", receivedAt: now, requestID: "r")
  }

  @Test func nothingGiven() {
    let envelope = envelope { _ in }
    #expect(envelope.replyTo == nil && envelope.messageID == nil && envelope.deadline == nil)
    #expect(envelope.attempt == 1 && envelope.priority == 0 && envelope.redelivered)
  }

  @Test func theEarlierOfExpirationAndDeadlineCounts() {
    #expect(envelope { $0.expiration = "5000" }.deadline == now + 5)
    #expect(envelope { $0.headers["x-deadline"] = 1_002_500 }.deadline == now + 2.5)
    #expect(envelope { $0.headers["x-deadline"] = "1002500" }.deadline == now + 2.5)
    let both = envelope {
      $0.expiration = "1000"
      $0.headers["x-deadline"] = 1_002_500
    }
    #expect(both.deadline == now + 1)
  }

  @Test func oddValuesCountAsAbsent() {
    let envelope = envelope {
      $0.expiration = "-3"
      $0.headers = [
        "x-deadline": .table([:]), "x-attempts": "many", "traceparent": "00-zz",
      ]
      $0.priority = 255
      $0.replyTo = ""
      $0.messageID = ""
    }
    #expect(envelope.deadline == nil && envelope.traceparent == nil && envelope.replyTo == nil)
    #expect(envelope.attempt == 1 && envelope.priority == 9 && envelope.messageID == nil)
    #expect(self.envelope { $0.headers["x-attempts"] = .integer(.max) }.attempt == 1_000_001)
    #expect(self.envelope { $0.headers["x-attempts"] = .integer(.min) }.attempt == 1)
    #expect(self.envelope { $0.headers["x-deadline"] = .integer(.max) }.deadline != nil)
  }

  @Test func attemptsCountTheFailedOnes() {
    #expect(envelope { $0.headers["x-attempts"] = 3 }.attempt == 4)
  }

  @Test func directReplyToIsKnownByItsName() {
    #expect(envelope { $0.replyTo = "amq.rabbitmq.reply-to.abc" }.usesDirectReplyTo)
    #expect(!envelope { $0.replyTo = "my-queue" }.usesDirectReplyTo)
  }

  @Test func traceContextIsPassedOnWhenWellFormed() {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    #expect(envelope { $0.headers["traceparent"] = .string(trace) }.context.traceparent == trace)
    #expect(envelope { $0.headers["traceparent"] = .string(trace.uppercased()) }.traceparent == nil)
    #expect(envelope { $0.headers["traceparent"] = .string(trace + "\n") }.traceparent == nil)
  }

  /// A request received before the clock was set an hour ahead keeps the time it has left.
  @Test func aStepOfTheClockMovesNoDeadline() {
    var envelope = envelope { $0.headers["x-deadline"] = 11_000_000 }
    let start = ContinuousClock.now - .seconds(4_000)
    envelope.receivedInstant = start
    #expect(envelope.time(at: start + .seconds(4_000)) == now + 4_000)
    // The service reckons by the wall clock, which is decades past 1970: 6,000 of the 10,000 seconds are left there too.
    let context = envelope.context
    let left = context.deadline?.timeIntervalSinceNow ?? 0
    #expect(left <= 6_000 && left > 5_000)
    #expect(context.deadline?.timeIntervalSince(context.receivedAt) == 10_000)
  }
}
