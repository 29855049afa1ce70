import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// A delivery with what its properties say, and the channel it is settled on.
struct FetchedRequest: Sendable {
  var envelope: RequestEnvelope
  var delivery: Delivery
  var channel: Channel
  /// What its body holds of the budget, until it is settled.
  var memory: ByteReservation
  /// False when the budget had no room for the body: the request goes back to the broker for a while.
  var fitsMemory = true
  /// Whose it is; empty when it names nobody.
  var userID = ""

  /// Takes the memory of the body, or finds that there is none. Never waits.
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

/// What the broker is told about a delivery in the end.
enum Settlement: Sendable, Equatable {
  /// Its reply, retry or dead letter is confirmed.
  case acknowledge
  /// Somebody else is to do it, or this service later.
  case requeue
}

/// What is left to do once the work on a request is over: tell the requester, then say what the broker is to be told.
typealias Ending = @Sendable () async -> Settlement

extension Logger {
  /// Names the request in every line: never its text or audio.
  mutating func add(_ envelope: RequestEnvelope) {
    self[metadataKey: "request_id"] = "\(envelope.requestID)"
    self[metadataKey: "delivery_tag"] = "\(envelope.deliveryTag)"
    self[metadataKey: "attempt"] = "\(envelope.attempt)"
    if let id = envelope.correlationID { self[metadataKey: "correlation_id"] = "\(id.text)" }
    if let trace = envelope.traceparent { self[metadataKey: "traceparent"] = "\(trace)" }
  }
}
