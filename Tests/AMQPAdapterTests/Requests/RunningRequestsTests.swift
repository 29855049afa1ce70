import Foundation
import RabbitMQ
import Synchronization
import Testing

@testable import AMQPAdapter

struct RunningRequestsTests {
  private let now = Date(timeIntervalSince1970: 1000)
  private let start = ContinuousClock.now

  private func envelope(_ id: String, correlationID: String? = nil, deadline: Date? = nil) -> RequestEnvelope {
    let properties = MessageProperties(correlationID: correlationID, replyTo: "replies")
    let delivery = Delivery(
      message: Message(properties: properties, body: Data()), deliveryTag: 1, redelivered: false, exchange: "",
      routingKey: "q")
    var envelope = RequestEnvelope(delivery, queue: "q", receivedAt: now, receivedInstant: start, requestID: id)
    envelope.deadline = deadline
    return envelope
  }

  @Test func aCancelStopsEveryRequestOfItsCorrelationID() {
    let running = RunningRequests()
    let stopped = Mutex<Set<String>>([])
    for (id, correlationID) in [("1", "a"), ("2", "a"), ("3", "b")] {
      let envelope = envelope(id, correlationID: correlationID)
      running.add(envelope, now: now)
      running.attach(envelope) { stopped.withLock { _ = $0.insert(id) } }
    }
    running.cancel(correlationID: "a", now: now)
    #expect(stopped.withLock { $0 } == ["1", "2"])
    #expect(running.stopReason(envelope("1")) == .skip(.cancelled) && running.stopReason(envelope("3")) == nil)
  }

  @Test func aCancelThatComesFirstCountsOnceAndNotForEver() {
    let running = RunningRequests()
    running.cancel(correlationID: "a", now: now)
    running.cancel(correlationID: "old", now: now - 1000)
    running.add(envelope("1", correlationID: "a"), now: now)
    running.add(envelope("2", correlationID: "a"), now: now)
    running.add(envelope("3", correlationID: "old"), now: now)
    #expect(running.stopReason(envelope("1")) == .skip(.cancelled))
    #expect(running.stopReason(envelope("2")) == nil && running.stopReason(envelope("3")) == nil)
  }

  @Test func aCancelBetweenTheStartAndTheWorkIsNotLost() {
    let running = RunningRequests()
    let stops = Mutex(0)
    running.add(envelope("1", correlationID: "a"), now: now)
    running.cancel(correlationID: "a", now: now)
    running.attach(envelope("1", correlationID: "a")) { stops.withLock { $0 += 1 } }
    #expect(stops.withLock { $0 } == 1)
  }

  @Test func theFirstReasonStays() {
    let running = RunningRequests()
    running.add(envelope("1", correlationID: "a"), now: now)
    running.stop("1", .shutdown)
    running.cancel(correlationID: "a", now: now)
    #expect(running.stopReason(envelope("1")) == .shutdown)
    running.remove(envelope("1", correlationID: "a"))
    #expect(running.stopReason(envelope("1")) == nil)
  }

  @Test func theSweepStopsTheOverdueAndNamesWhoseRequesterIsToBeLookedFor() {
    let running = RunningRequests()
    running.add(envelope("late", deadline: now + 1), now: now, at: start)
    running.add(envelope("fine", deadline: now + 100), now: now, at: start)
    #expect(running.sweep(at: start + .seconds(2), presenceInterval: .seconds(2)).map(\.requestID) == ["fine"])
    #expect(running.stopReason(envelope("late")) == .skip(.deadline))
    #expect(running.sweep(at: start + .seconds(3), presenceInterval: .seconds(2)).isEmpty)
    #expect(running.sweep(at: start + .seconds(4), presenceInterval: .seconds(2)).map(\.requestID) == ["fine"])
  }

  @Test func earlyCancelsAreBounded() {
    let running = RunningRequests()
    for number in 0..<10_000 { running.cancel(correlationID: "\(number)", now: now) }
    running.add(envelope("1", correlationID: "9999"), now: now)
    #expect(running.stopReason(envelope("1")) == nil)
    running.add(envelope("2", correlationID: "5"), now: now)
    #expect(running.stopReason(envelope("2")) == .skip(.cancelled))
  }
}
