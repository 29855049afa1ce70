import Foundation
import RabbitMQ

/// The newest entry of `x-death`, which the broker writes when it dead-letters a message.
struct MessageDeath: Sendable, Equatable {
  /// The queue that the message left.
  var queue: String
  /// `expired`, `delivery_limit`, `maxlen` or `rejected`.
  var reason: String
  /// In whole seconds.
  var time: Date?
}

extension MessageDeath {
  /// - Returns: nil when the message has no readable `x-death`.
  init?(_ headers: FieldTable) {
    guard case .array(let deaths)? = headers["x-death"], case .table(let newest)? = deaths.first,
      let queue = newest["queue"]?.stringValue, let reason = newest["reason"]?.stringValue
    else { return nil }
    self.queue = queue
    self.reason = reason
    time = newest["time"]?.integerValue.map { Date(timeIntervalSince1970: Double($0)) }
  }

  /// The time at which a message was dead-lettered: by the service, or else by the broker.
  static func time(_ headers: FieldTable) -> Date? {
    if let milliseconds = headers[HeaderName.deadAt]?.integerValue {
      return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
    return MessageDeath(headers)?.time
  }
}
