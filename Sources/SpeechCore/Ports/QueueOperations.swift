/// The broker's queues, for an operator.
///
/// All methods throw `model_unavailable` while the broker is away.
public protocol QueueOperations: Sendable {
  /// The queues of the service that exist.
  func queues() async throws(SpeechError) -> QueueOverview
  /// The oldest dead-lettered messages, the oldest first. They stay in their queue.
  func deadLetters(limit: Int) async throws(SpeechError) -> DeadLetterPage
  /// Requeues or drops the oldest dead-lettered message with this id. It leaves its queue last: after the broker has
  /// confirmed the new request, and `record` has returned.
  /// - Parameters:
  ///   - id: the computed id, or the requester's message id.
  ///   - record: writes the audit row. If it throws, the message stays; a requeued one is then in both queues.
  /// - Returns: nil if no message has the id.
  /// - Throws: `invalid_request` for a message that can't be requeued, or the error of `record`.
  func settle(
    _ id: String, by settlement: DeadLetterSettlement,
    record: @escaping @Sendable (DeadLetter) async throws(SpeechError) -> Void
  ) async throws(SpeechError) -> DeadLetter?
}

/// An operator's decision about a dead-lettered message.
public enum DeadLetterSettlement: Sendable {
  /// It becomes a new request in the queue that it came from.
  case requeue
  /// It is deleted.
  case drop
}

/// The first dead-lettered messages.
public struct DeadLetterPage: Sendable, Encodable {
  /// All messages in the queue.
  public var total: Int
  /// The oldest messages, the oldest first.
  public var messages: [DeadLetter]

  public init(total: Int, messages: [DeadLetter]) {
    self.total = total
    self.messages = messages
  }
}

/// The broker's queues of the service.
public struct QueueOverview: Sendable, Encodable {
  /// One queue.
  public struct Entry: Sendable, Encodable {
    /// The name on the broker.
    public var name: String
    /// Messages that wait for a consumer. Those that a worker holds are not counted.
    public var messages: Int
    /// Consumers of all replicas.
    public var consumers: Int

    public init(name: String, messages: Int, consumers: Int) {
      self.name = name
      self.messages = messages
      self.consumers = consumers
    }
  }

  /// The name of the queue of synthesis requests.
  public var synthesize: String
  /// The name of the queue of dead-lettered messages.
  public var dead: String
  /// Those that exist.
  public var queues: [Entry]

  public init(synthesize: String, dead: String, queues: [Entry]) {
    self.synthesize = synthesize
    self.dead = dead
    self.queues = queues
  }
}
