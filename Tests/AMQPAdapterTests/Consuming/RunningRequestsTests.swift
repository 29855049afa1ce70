import Foundation
import Synchronization
import Testing

@testable import AMQPAdapter
@testable import RabbitMQ

struct RunningRequestsTests {
  private let start = ContinuousClock.now

  private func request(
    _ id: String, correlationID: String? = nil, replyTo: String = "replies", deadline: ContinuousClock.Instant? = nil
  ) -> SpeechRequest {
    let properties = MessageProperties(correlationID: correlationID, replyTo: replyTo)
    let delivery = Delivery(
      message: Message(properties: properties, body: Data()), deliveryTag: 1, redelivered: false, exchange: "",
      routingKey: "q")
    var request = SpeechRequest(delivery, queue: "q", arrival: start, requestID: id)
    request.context.deadline = deadline
    return request
  }

  @Test(arguments: ["replies", nil])
  func aCancelStopsEveryRequestOfItsCorrelationID(replyTo: String?) {
    let running = RunningRequests()
    let stopped = Mutex<Set<String>>([])
    for (id, correlationID) in [("1", "a"), ("2", "a"), ("3", "b")] {
      let request = request(id, correlationID: correlationID)
      running.add(request)
      running.attach(request) { stopped.withLock { _ = $0.insert(id) } }
    }
    running.cancel(correlationID: "a", replyTo: replyTo)
    #expect(stopped.withLock { $0 } == ["1", "2"])
    #expect(running.stopReason(request("1")) == .skip(.cancelled) && running.stopReason(request("3")) == nil)
  }

  @Test func aCancelReachesOnlyRequestsOfItsReplyAddress() {
    let running = RunningRequests()
    running.add(request("1", correlationID: "a"))
    running.add(request("2", correlationID: "a", replyTo: "another"))
    running.cancel(correlationID: "a", replyTo: nil)
    #expect(running.stopReason(request("1")) == nil && running.stopReason(request("2")) == nil)
    running.cancel(correlationID: "a", replyTo: "another")
    #expect(running.stopReason(request("1")) == nil && running.stopReason(request("2")) == .skip(.cancelled))
    running.cancel(correlationID: "b", replyTo: nil)
    running.cancel(correlationID: "b", replyTo: "another")
    running.add(request("3", correlationID: "b"))
    #expect(running.stopReason(request("3")) == nil)
  }

  @Test func anEarlyCancelCountsOnceAndExpires() {
    let running = RunningRequests()
    running.cancel(correlationID: "a", replyTo: "replies")
    running.cancel(correlationID: "old", replyTo: "replies", at: start - .seconds(1000))
    running.add(request("1", correlationID: "a"))
    running.add(request("2", correlationID: "a"))
    running.add(request("3", correlationID: "old"))
    #expect(running.stopReason(request("1")) == .skip(.cancelled))
    #expect(running.stopReason(request("2")) == nil && running.stopReason(request("3")) == nil)
  }

  @Test func aCancelBetweenTheStartAndTheWorkIsNotLost() {
    let running = RunningRequests()
    let stops = Mutex(0)
    running.add(request("1", correlationID: "a"))
    running.cancel(correlationID: "a", replyTo: "replies")
    running.attach(request("1", correlationID: "a")) { stops.withLock { $0 += 1 } }
    #expect(stops.withLock { $0 } == 1)
  }

  @Test func theFirstReasonStays() {
    let running = RunningRequests()
    running.add(request("1", correlationID: "a"))
    running.stop("1", .shutdown)
    running.cancel(correlationID: "a", replyTo: "replies")
    #expect(running.stopReason(request("1")) == .shutdown)
    running.remove(request("1", correlationID: "a"))
    #expect(running.stopReason(request("1")) == nil)
  }

  @Test func theSweepStopsOverdueRequestsAndNamesTheRequestersToCheck() {
    let running = RunningRequests()
    running.add(request("late", deadline: start + .seconds(1)), at: start)
    running.add(request("fine", deadline: start + .seconds(100)), at: start)
    running.add(request("waiting", deadline: start + .seconds(1)), at: start)
    running.begin(request("late"), at: start)
    running.begin(request("fine"), at: start)
    #expect(running.sweep(at: start + .seconds(2), presenceInterval: .seconds(2)).map(\.context.requestID) == ["fine"])
    #expect(running.stopReason(request("late")) == .skip(.deadline))
    #expect(running.stopReason(request("waiting")) == .skip(.deadline))
    #expect(running.sweep(at: start + .seconds(3), presenceInterval: .seconds(2)).isEmpty)
    #expect(running.sweep(at: start + .seconds(4), presenceInterval: .seconds(2)).map(\.context.requestID) == ["fine"])
  }

  @Test func earlyCancelsAreBoundedPerAddressAndInAll() {
    let running = RunningRequests()
    for number in 0..<10_000 { running.cancel(correlationID: "\(number)", replyTo: "flood") }
    running.cancel(correlationID: "a", replyTo: "replies")
    running.add(request("1", correlationID: "9999", replyTo: "flood"))
    running.add(request("2", correlationID: "5", replyTo: "flood"))
    running.add(request("3", correlationID: "a"))
    #expect(running.stopReason(request("1")) == .skip(.cancelled))
    #expect(running.stopReason(request("2")) == nil)
    #expect(running.stopReason(request("3")) == .skip(.cancelled))
    for number in 0..<20_000 { running.cancel(correlationID: "b", replyTo: "flood \(number)") }
    running.add(request("4", correlationID: "b", replyTo: "flood 19999"))
    #expect(running.stopReason(request("4")) == nil)
  }
}
