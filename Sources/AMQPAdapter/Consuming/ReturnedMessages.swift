import RabbitMQ

/// The messages that this worker returned to the broker, or lost with its connection. When the broker redelivers one of
/// them, no worker was lost. The memory is bounded: after many newer messages, a message is forgotten.
struct ReturnedMessages: Sendable {
  private struct Identity: Hashable {
    var messageID: ShortString?
    var correlationID: ShortString?
    var replyTo: String?
    var bodyByteCount: Int

    init(_ message: Message) {
      messageID = message.properties.messageID
      correlationID = message.properties.correlationID
      replyTo = message.properties.replyTo
      bodyByteCount = message.bodyByteCount
    }
  }

  private let capacity: Int
  private var newer: Set<Identity> = []
  private var older: Set<Identity> = []

  /// - Parameter capacity: the memory holds at least this many of the last messages, and at most twice as many.
  init(capacity: Int = 2048) { self.capacity = capacity }

  mutating func insert(_ message: Message) {
    if newer.count >= capacity { (older, newer) = (newer, []) }
    newer.insert(Identity(message))
  }

  /// Forgets a message, and returns whether it was known.
  mutating func remove(_ message: Message) -> Bool {
    let identity = Identity(message)
    return newer.remove(identity) != nil || older.remove(identity) != nil
  }
}
