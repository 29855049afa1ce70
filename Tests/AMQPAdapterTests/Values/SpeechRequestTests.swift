import Foundation
import SpeechCore
import Testing

@testable import AMQPAdapter
@testable import RabbitMQ

struct SpeechRequestTests {
  private let now = Date(timeIntervalSince1970: 1_800_000_000)
  private let arrival = ContinuousClock.now

  private func request(_ change: (inout MessageProperties) -> Void) -> SpeechRequest {
    var properties = MessageProperties()
    change(&properties)
    let delivery = Delivery(
      message: Message(properties: properties, body: Data()), deliveryTag: 7, redelivered: true, exchange: "",
      routingKey: "q")
    return SpeechRequest(delivery, queue: "q", receivedAt: now, arrival: arrival, requestID: "r")
  }

  @Test func nothingGiven() {
    let request = request { _ in }
    #expect(request.replyTo == nil && request.context.idempotencyKey == nil && request.context.deadline == nil)
    #expect(request.context.attempt == 1 && request.context.priority == 0 && request.delivery.redelivered)
  }

  @Test func theEarlierOfExpirationAndDeadlineCounts() {
    #expect(request { $0.expiration = "5000" }.context.deadline == arrival + .seconds(5))
    #expect(request { $0.headers["x-deadline"] = 1_800_000_002_500 }.context.deadline == arrival + .seconds(2.5))
    #expect(request { $0.headers["x-deadline"] = "1800000002500" }.context.deadline == arrival + .seconds(2.5))
    let both = request {
      $0.expiration = "1000"
      $0.headers["x-deadline"] = 1_800_000_002_500
    }
    #expect(both.context.deadline == arrival + .seconds(1))
  }

  @Test func oddValuesCountAsAbsent() {
    let request = request {
      $0.expiration = "-3"
      $0.headers = [
        "x-deadline": .table([:]), "x-attempts": "many", "traceparent": "00-zz",
      ]
      $0.priority = 255
      $0.replyTo = ""
      $0.messageID = ""
    }
    #expect(request.context.deadline == nil && request.context.traceparent == nil && request.replyTo == nil)
    #expect(request.context.attempt == 1 && request.context.priority == 9 && request.context.idempotencyKey == nil)
    #expect(self.request { $0.headers["x-attempts"] = .integer(.max) }.context.attempt == 1_000_001)
    #expect(self.request { $0.headers["x-attempts"] = .integer(.min) }.context.attempt == 1)
  }

  @Test func attemptsCountTheFailedOnes() {
    #expect(request { $0.headers["x-attempts"] = 3 }.context.attempt == 4)
  }

  @Test func directReplyToIsKnownByItsName() {
    #expect(request { $0.replyTo = "amq.rabbitmq.reply-to.abc" }.usesDirectReplyTo)
    #expect(!request { $0.replyTo = "my-queue" }.usesDirectReplyTo)
  }

  @Test func traceContextIsPassedOnWhenWellFormed() {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    #expect(request { $0.headers["traceparent"] = .string(trace) }.context.traceparent == trace)
    #expect(request { $0.headers["traceparent"] = .string(trace.uppercased()) }.context.traceparent == nil)
    #expect(request { $0.headers["traceparent"] = .string(trace + "\n") }.context.traceparent == nil)
  }

  /// A deadline is an instant of the monotonic clock, so a later step of the wall clock does not move it.
  @Test func theDeadlineIsSetOnceOnArrival() {
    let request = request { $0.headers["x-deadline"] = 1_800_010_000_000 }
    #expect(request.context.deadline == arrival + .seconds(10_000))
    #expect(request.context.receivedAt == now && request.context.arrival == arrival)
  }

  @Test func theBodyIsDecodedOnArrivalAndCounted() throws {
    func decoded(_ body: Data, budget: Int = 1_000_000) throws -> (SpeechRequest, ByteReservation) {
      let budgets = MemoryBudgets(bodies: budget)
      let memory = budgets.bodies.reservation()
      let delivery = Delivery(
        message: Message(properties: MessageProperties(), body: body), deliveryTag: 7, redelivered: false,
        exchange: "", routingKey: "q")
      var request = SpeechRequest(delivery, queue: "q", memory: memory)
      request.takeMemory()
      request.decode(maximumBytes: 900_000, budget: budgets.bodies)
      return (request, memory)
    }
    let words = try decoded(Data(#"{"text":"a \"user_id\":\"eve\"","user_id":"ada"}"#.utf8))
    #expect(words.0.userID == "ada" && words.0.fitsMemory && words.1.bytes == 0)
    #expect(try decoded(Data(#"{"user_\u0069d":"ada","text":"a","b":{"user_id":"eve"}}"#.utf8)).0.userID == "ada")
    let audio = Data(count: 300_000)
    let cloning = try decoded(try JSONEncoder().encode(SynthesisRequest(text: "a", voice: .inline(audio))))
    #expect(cloning.0.fitsMemory && cloning.1.bytes > 300_000 + 234_000)
    for body in ["", "{", #"{"text":"a","user_id":[7]}"#, #"{"a":{"user_id":"eve"}}"#] {
      let (request, _) = try decoded(Data(body.utf8))
      #expect(throws: SpeechError.self) { try request.synthesis?.get() }
      #expect(request.userID == "")
    }
    let (tooLong, _) = try decoded(Data(repeating: 0x20, count: 950_000))
    #expect(throws: SpeechError(.invalidRequest, "the request has 950000 bytes; at most 900000 are read")) {
      try tooLong.synthesis?.get()
    }
  }
}
