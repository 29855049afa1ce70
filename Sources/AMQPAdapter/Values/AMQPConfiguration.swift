import RabbitMQ
import SpeechCore
import SpeechService

/// The settings of the AMQP service.
public struct AMQPConfiguration: Sendable {
  /// The type of the durable queues.
  public enum QueueType: String, Sendable, CaseIterable {
    case quorum, classic
  }

  /// The broker and the login.
  public var connection: ConnectionConfiguration
  /// The queues and exchanges.
  public var names: QueueNames
  /// The type of each durable queue; existing queues keep theirs.
  public var queueType = QueueType.quorum
  /// The number of concurrent requests.
  public var slots: Int
  /// The number of requests fetched in addition to the slots, so that a free slot never waits for the network.
  public var lookahead: Int
  /// The prefetch of the synthesis queue; 0 means slots + lookahead.
  public var prefetch = 0
  /// The limits per user on this worker. With a limit, the prefetch exceeds slots + lookahead, to find requests of
  /// other users behind those of one user.
  public var userLimits = UserLimits()
  /// The number of requests after which the queue refuses more; 0 means no limit.
  public var maxQueueLength = 0
  /// The number of attempts after which a request is dead-lettered.
  public var maxAttempts = 5
  /// The number of unsettled deliveries after which the broker dead-letters a request. Restarts of workers count too,
  /// so it is well above ``maxAttempts``. Quorum queues only.
  var deliveryLimit = 20
  /// Whether RabbitMQ from 4.3 on delays the requests that it takes back. Quorum queues only.
  public var delaysReturnedMessages = false
  /// The limits of the dead letters.
  public var deadLetterLimits = DeadLetterLimits()
  /// The interval at which those limits are applied.
  var deadLetterInterval = Duration.seconds(60)
  /// The pauses before the second, third, … attempt; the last one repeats.
  var retryDelays: [Duration] = [.seconds(1), .seconds(5), .seconds(30), .seconds(120)]
  /// The interval at which each worker looks for requests of lost workers.
  var suspectInterval = Duration.seconds(5)
  /// The pause before a reply that a requester's queue refused is sent again.
  var replyRetryDelay = Duration.seconds(10)
  /// The largest body of a request.
  public var maxRequestBytes = 16 << 20
  /// The largest message that the broker accepts: 16 MiB from RabbitMQ 4.0 on.
  var maxReplyMessageBytes = 16 << 20
  /// The time that running requests have to finish after a stop.
  public var drainTime = Duration.seconds(30)
  /// The interval at which a running request checks whether its requester still exists.
  var requesterCheckInterval = Duration.seconds(1)
  /// The time for which a positive result of that check is cached.
  var requesterCacheTime = Duration.milliseconds(250)
  var backOff = RetryBackoff.broker
  var publishBudget = PublishBudget()

  /// - Parameter slots: also sets ``lookahead``, to half of them.
  public init(connection: ConnectionConfiguration, names: QueueNames = QueueNames(), slots: Int = 4) {
    self.connection = connection
    self.names = names
    self.slots = slots
    lookahead = max(2, slots / 2)
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
  static func prefetch(slots: Int, lookahead: Int, fixed: Int) -> UInt16 {
    UInt16(clamping: max(1, fixed > 0 ? fixed : slots + lookahead))
  }
}

/// The names of all queues and exchanges.
public struct QueueNames: Sendable, Equatable {
  /// Synthesis requests.
  public var synthesize: String
  /// Registrations of voices.
  public var registerVoice: String
  /// Requests for the list of voices.
  public var listVoices: String
  var deleteVoice: String
  /// Changes and lists of lexicons.
  public var putLexicon: String
  public var listLexicons: String
  public var deleteLexicon: String
  /// Requests for the model, its languages and voices.
  public var configuration: String
  /// The dead letters, for an operator. It has no consumer.
  public var dead: String
  /// The queue to which the broker dead-letters. A consumer answers the requesters, and moves to ``dead`` what an
  /// operator must see.
  var deadIncoming: String
  /// The queue where refused replies wait. They expire into ``refusedReplies``.
  var replyRetry: String
  /// The queue of refused replies that are due to be sent again.
  var refusedReplies: String
  /// The exchange of cancellations.
  public var control: String
  /// The stream of voice changes.
  public var voiceLog: String
  /// The stream of replies that replicas share.
  public var replyLog: String
  /// The prefix of the exclusive queues that claim keys of requests.
  public var claims: String
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
    putLexicon = "\(prefix).lexicon.put"
    listLexicons = "\(prefix).lexicon.list"
    deleteLexicon = "\(prefix).lexicon.delete"
    configuration = "\(prefix).config"
    dead = "\(prefix).dead"
    deadIncoming = "\(prefix).dead.incoming"
    replyRetry = "\(prefix).replies.retry"
    refusedReplies = "\(prefix).replies.refused"
    control = "\(prefix).control"
    voiceLog = "\(prefix).voices.log"
    replyLog = "\(prefix).replies.log"
    claims = "\(prefix).claims"
    let name = self.synthesize
    let source = name.hasPrefix("\(prefix).") ? name.dropFirst(prefix.count + 1) : name[...]
    suspects = "\(prefix).suspects.\(source)"
    retryPrefix = "\(prefix).retry.\(source)"
  }

  /// The exclusive queue of the worker that runs the suspects.
  var suspectsClaim: String { "\(suspects).claim" }

  /// The retry queue in which synthesis requests wait for this delay.
  func retry(after delay: Duration) -> String { "\(retryPrefix).\(delay.milliseconds)ms" }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
