import RabbitMQ
import SpeechCore

/// How the service uses the broker.
public struct AMQPConfiguration: Sendable {
  public enum QueueType: String, Sendable, CaseIterable {
    case quorum, classic
  }

  public var connection: ConnectionConfiguration
  public var names: QueueNames
  public var queueType: QueueType
  /// Requests worked on at once.
  public var slots: Int
  /// Requests fetched beyond those, so that a free slot never waits for the network.
  public var lookahead: Int
  /// Fetched at once; 0 means slots + lookahead.
  public var prefetch: Int
  /// What one user may have of this worker. With a limit, more is fetched than slots and lookahead ask for, to find
  /// other users' requests behind those of one.
  public var userLimits: UserLimits
  /// Requests the queue holds before it refuses more; 0 is no limit.
  public var maxQueueLength: Int
  /// Times a request is tried before it is parked.
  public var maxAttempts: Int
  /// Times the broker hands out a request that no worker settles, before it dead-letters it. Restarts count, so this
  /// is well above ``maxAttempts``. Quorum queues only.
  public var deliveryLimit: Int
  /// Pauses before the second, third, … attempt; the last one repeats.
  public var retryDelays: [Duration]
  /// Pause before a reply that a requester's queue refused is sent again.
  public var replyRetryDelay: Duration
  public var maxRequestBytes: Int
  /// Largest message the broker takes: 16 MiB from RabbitMQ 4.0 on.
  public var maxReplyMessageBytes: Int
  /// How long running requests may go on after a stop.
  public var drainTime: Duration
  /// How often a running request looks whether its requester is still there.
  public var requesterCheckInterval: Duration
  /// How long a requester that was there counts as there.
  public var requesterCacheTime: Duration
  public var backOff: BackOff
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
    retryDelays = [.seconds(1), .seconds(5), .seconds(30), .seconds(120)]
    replyRetryDelay = .seconds(10)
    maxRequestBytes = 16 << 20
    maxReplyMessageBytes = 16 << 20
    drainTime = .seconds(30)
    requesterCheckInterval = .seconds(1)
    requesterCacheTime = .milliseconds(250)
    backOff = BackOff()
    publishBudget = PublishBudget()
  }

  /// Requests that wait for a slot here.
  var lineCapacity: Int { max(1, Int(prefetchCount) - slots - passing) }

  /// Deliveries on their way back to the queue, beside those that wait, so that a full line still lets others by.
  var passing: Int { userLimits.isOff ? 0 : 8 }

  /// The prefetch that `slots` and `lookahead` ask for.
  public static func prefetch(slots: Int, lookahead: Int, fixed: Int) -> UInt16 {
    UInt16(clamping: max(1, fixed > 0 ? fixed : slots + lookahead))
  }
}

/// The names of everything on the broker.
public struct QueueNames: Sendable, Equatable {
  public var synthesize: String
  public var registerVoice: String
  public var listVoices: String
  public var deleteVoice: String
  public var configuration: String
  public var dead: String
  /// Where replies that a requester's queue refused wait; then they expire into ``refusedReplies``.
  public var replyRetry: String
  /// Refused replies that are due to be sent again.
  public var refusedReplies: String
  public var control: String
  /// The stream that carries voice changes.
  public var voiceLog: String
  private var retryPrefix: String

  /// - Parameters:
  ///   - prefix: of every name.
  ///   - synthesize: the synthesis queue, where it has another name.
  public init(prefix: String = "tts", synthesize: String? = nil) {
    self.synthesize = synthesize ?? "\(prefix).synthesize"
    registerVoice = "\(prefix).voices.register"
    listVoices = "\(prefix).voices.list"
    deleteVoice = "\(prefix).voices.delete"
    configuration = "\(prefix).config"
    dead = "\(prefix).dead"
    replyRetry = "\(prefix).replies.retry"
    refusedReplies = "\(prefix).replies.refused"
    control = "\(prefix).control"
    voiceLog = "\(prefix).voices.log"
    let source = self.synthesize
    retryPrefix =
      source.hasPrefix("\(prefix).")
      ? "\(prefix).retry.\(source.dropFirst(prefix.count + 1))"
      : "\(prefix).retry.\(source)"
  }

  /// The queue where synthesis requests wait this long for their next attempt.
  public func retry(after delay: Duration) -> String { "\(retryPrefix).\(delay.milliseconds)ms" }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
