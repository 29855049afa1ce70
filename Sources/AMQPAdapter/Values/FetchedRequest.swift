import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// A delivery, its parsed properties, and the channel on which it is settled.
struct FetchedRequest: Sendable {
  var envelope: RequestEnvelope
  var delivery: Delivery
  var channel: Channel
  /// The part of the memory budget that its body occupies until it is settled.
  var memory: ByteReservation
  /// False when the budget has no room for the body. The request then returns to the broker for a while.
  var fitsMemory = true
  /// The user of the request; empty when the request names none.
  var userID = ""

  /// Reserves memory for the body if the budget has room. It never waits.
  mutating func takeMemory() {
    do throws(SpeechError) {
      try memory.take(MemoryBudgets.countedBytes(ofBody: delivery.message.body.count))
    } catch {
      fitsMemory = false
    }
  }

  func settle(_ settlement: Settlement) {
    defer { memory.release() }
    switch settlement {
    case .acknowledge: channel.acknowledge(delivery.deliveryTag)
    case .requeue: channel.reject(delivery.deliveryTag, requeue: true)
    }
  }
}

/// The settlement of a delivery.
enum Settlement: Sendable, Equatable {
  /// Acknowledge it: its reply, retry or dead letter is confirmed.
  case acknowledge
  /// Requeue it, for another worker, or for this service later.
  case requeue
}

/// The steps after the work on a request: send the reply, then return the delivery's settlement.
typealias Ending = @Sendable () async -> Settlement

extension Logger {
  /// Adds the request's identifiers to every line. Its text and audio are never logged.
  mutating func add(_ envelope: RequestEnvelope) {
    self[metadataKey: "request_id"] = "\(envelope.requestID)"
    self[metadataKey: "delivery_tag"] = "\(envelope.deliveryTag)"
    self[metadataKey: "attempt"] = "\(envelope.attempt)"
    if let id = envelope.correlationID { self[metadataKey: "correlation_id"] = "\(id.text)" }
    if let trace = envelope.traceparent { self[metadataKey: "traceparent"] = "\(trace)" }
  }
}
