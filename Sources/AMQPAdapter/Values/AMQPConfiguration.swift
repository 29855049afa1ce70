import RabbitMQ
import SpeechCore
import SpeechService

/// The settings of the AMQP service.
public struct AMQPConfiguration: Sendable {
  public enum QueueType: String, Sendable, CaseIterable {
    case quorum, classic
  }

  public var connection: ConnectionConfiguration
  public var names: QueueNames
  public var queueType: QueueType
  /// The number of concurrent requests.
  public var slots: Int
  /// The number of requests fetched in addition to the slots, so that a free slot never waits for the network.
  public var lookahead: Int
  /// The prefetch of the synthesis queue; 0 means slots + lookahead.
  public var prefetch: Int
  /// The limits per user on this worker. With a limit, the prefetch exceeds slots + lookahead, to find requests of
  /// other users behind those of one user.
  public var userLimits: UserLimits
  /// The number of requests after which the queue refuses more; 0 means no limit.
  public var maxQueueLength: Int
  /// The number of attempts after which a request is dead-lettered.
  public var maxAttempts: Int
  /// The number of unsettled deliveries after which the broker dead-letters a request. Restarts of workers count too,
  /// so it is well above ``maxAttempts``. Quorum queues only.
  public var deliveryLimit: Int
  /// The limits of the dead letters.
  public var deadLetterLimits: DeadLetterLimits
  /// The interval at which those limits are applied.
  public var deadLetterInterval: Duration
  /// The pauses before the second, third, … attempt; the last one repeats.
  public var retryDelays: [Duration]
  /// The interval at which each worker looks for requests of lost workers.
  public var suspectInterval: Duration
  /// The pause before a reply that a requester's queue refused is sent again.
  public var replyRetryDelay: Duration
  /// The largest body of a request.
  public var maxRequestBytes: Int
  /// The largest message that the broker accepts: 16 MiB from RabbitMQ 4.0 on.
  public var maxReplyMessageBytes: Int
  /// The time that running requests have to finish after a stop.
  public var drainTime: Duration
  /// The interval at which a running request checks whether its requester still exists.
  public var requesterCheckInterval: Duration
  /// The time for which a positive result of that check is cached.
  public var requesterCacheTime: Duration
  public var backOff: RetryBackoff
  public var publishBudget: PublishBudget

  public init(connection: ConnectionConfiguration, names: QueueNames = QueueNames(), slots: Int = 4) {
    self.connection = connection
    self.names = names
    queueType = .quorum
    self.slots = slots
    lookahead = max(2, slots / 2)
    prefetch = 0
    userLimits = UserLimits()
    maxQueueLength = 0
    maxAttempts = 5
    deliveryLimit = 20
    deadLetterLimits = DeadLetterLimits()
    deadLetterInterval = .seconds(60)
    retryDelays = [.seconds(1), .seconds(5), .seconds(30), .seconds(120)]
    suspectInterval = .seconds(5)
    replyRetryDelay = .seconds(10)
    maxRequestBytes = 16 << 20
    maxReplyMessageBytes = 16 << 20
    drainTime = .seconds(30)
    requesterCheckInterval = .seconds(1)
    requesterCacheTime = .milliseconds(250)
    backOff = .broker
    publishBudget = PublishBudget()
  }

  /// The prefetch of the synthesis queue.
  var prefetchCount: UInt16 {
    let ahead = userLimits.isOff ? lookahead : max(lookahead, 4 * userLimits.waiting) + passing
    return Self.prefetch(slots: slots, lookahead: ahead, fixed: prefetch)
  }

  /// The number of requests that may wait for a slot here.
  public var waitingCapacity: Int { max(1, Int(prefetchCount) - slots - passing) }

  /// The number of deliveries that may be on their way back to the queue in addition to the waiting ones, so that a
  /// full queue here does not block the requests behind it.
  var passing: Int { userLimits.isOff ? 0 : 8 }

  func makeAdmission(_ budgets: MemoryBudgets) -> AdmissionControl {
    AdmissionControl(limits: userLimits, slots: slots, capacity: waitingCapacity, replies: budgets.replies)
  }

  /// The settings of one of the service's connections.
  func connection(for purpose: String, onlyReceives: Bool = false) -> ConnectionConfiguration {
    var connection = connection
    connection.onlyReceives = onlyReceives
    connection.maxBodyBytes = maxRequestBytes
    connection.connectionName = "speechbus \(purpose)"
    return connection
  }

  /// The prefetch for `slots` and `lookahead`, or `fixed` if it is not 0.
  public static func prefetch(slots: Int, lookahead: Int, fixed: Int) -> UInt16 {
    UInt16(clamping: max(1, fixed > 0 ? fixed : slots + lookahead))
  }
}

/// The names of all queues and exchanges.
public struct QueueNames: Sendable, Equatable {
  public var synthesize: String
  public var registerVoice: String
  public var listVoices: String
  public var deleteVoice: String
  public var configuration: String
  /// The dead letters, for an operator. It has no consumer.
  public var dead: String
  /// The queue to which the broker dead-letters. A consumer answers the requesters, and moves to ``dead`` what an
  /// operator must see.
  public var deadIncoming: String
  /// The queue where refused replies wait. They expire into ``refusedReplies``.
  public var replyRetry: String
  /// The queue of refused replies that are due to be sent again.
  public var refusedReplies: String
  public var control: String
  /// The stream of voice changes.
  public var voiceLog: String
  /// The queue of the synthesis requests that a worker held when it was lost.
  public var suspects: String
  private var retryPrefix: String

  /// - Parameters:
  ///   - prefix: the prefix of every name.
  ///   - synthesize: another name for the synthesis queue.
  public init(prefix: String = "tts", synthesize: String? = nil) {
    self.synthesize = synthesize ?? "\(prefix).synthesize"
    registerVoice = "\(prefix).voices.register"
    listVoices = "\(prefix).voices.list"
    deleteVoice = "\(prefix).voices.delete"
    configuration = "\(prefix).config"
    dead = "\(prefix).dead"
    deadIncoming = "\(prefix).dead.incoming"
    replyRetry = "\(prefix).replies.retry"
    refusedReplies = "\(prefix).replies.refused"
    control = "\(prefix).control"
    voiceLog = "\(prefix).voices.log"
    let name = self.synthesize
    let source = name.hasPrefix("\(prefix).") ? name.dropFirst(prefix.count + 1) : name[...]
    suspects = "\(prefix).suspects.\(source)"
    retryPrefix = "\(prefix).retry.\(source)"
  }

  /// The exclusive queue of the worker that runs the suspects.
  var suspectsClaim: String { "\(suspects).claim" }

  /// The retry queue in which synthesis requests wait for this delay.
  public func retry(after delay: Duration) -> String { "\(retryPrefix).\(delay.milliseconds)ms" }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
