import AMQPAdapter
import ArgumentParser
import Foundation
import RabbitMQ
import SpeechCore
import SpeechService

/// The address of the broker and the names of its queues.
struct BusFlags: ParsableArguments {
  @Option(Settings.amqpURL) var amqpURL: String?
  @Option(Settings.queue) var queue: String?

  func connection(_ environment: Environment = .process) throws -> ConnectionConfiguration {
    let url = try environment(Settings.amqpURL, flag: amqpURL).trimmingCharacters(in: .whitespacesAndNewlines)
    do throws(RabbitMQError) {
      return try ConnectionConfiguration(url: url)
    } catch {
      // The URL holds a password, so the message quotes no part of it.
      let source = amqpURL == nil ? Settings.amqpURL.description.name : "--amqp-url"
      throw CommandFailure(
        "\(source): \(error); the form is amqp://USER:PASSWORD@HOST:PORT/VHOST, or amqps://", isUsage: true)
    }
  }

  func names(_ environment: Environment = .process) throws(BadSetting) -> QueueNames {
    QueueNames(synthesize: try environment(Settings.queue, flag: queue))
  }

  func configuration(_ environment: Environment = .process) throws -> AMQPConfiguration {
    var configuration = AMQPConfiguration(connection: try connection(environment), names: try names(environment))
    configuration.queueType = try environment(Settings.queueType)
    configuration.delaysReturnedMessages = try environment(Settings.delayedRetry)
    return configuration
  }
}

/// The settings of the consumer, which clients do not need.
struct ConsumerFlags: ParsableArguments {
  @Option(Settings.queueType) var queueType: String?
  @Option(Settings.delayedRetry) var delayedRetry: String?
  @Option(Settings.maximumQueue) var maxQueue: String?
  @Option(Settings.prefetch) var prefetch: String?
  @Option(Settings.userRunning) var userRunning: String?
  @Option(Settings.userWaiting) var userWaiting: String?
  @Option(Settings.maximumAttempts) var maxAttempts: String?
  @Option(Settings.deadMaximumAge) var deadMaxAge: String?
  @Option(Settings.deadMaximumLength) var deadMaxLength: String?
  @Option(Settings.drainSeconds) var drainSeconds: String?
  @Option(Settings.drainListenSeconds) var drainListenSeconds: String?
  @Option(Settings.start) var start: String?

  func configuration(_ bus: BusFlags, _ environment: Environment) throws -> AMQPConfiguration {
    var configuration = try bus.configuration(environment)
    configuration.queueType = try environment(Settings.queueType, flag: queueType)
    configuration.delaysReturnedMessages = try environment(Settings.delayedRetry, flag: delayedRetry)
    configuration.maxQueueLength = try environment(Settings.maximumQueue, flag: maxQueue)
    configuration.prefetch = try environment(Settings.prefetch, flag: prefetch)
    configuration.userLimits = UserLimits(
      running: try environment(Settings.userRunning, flag: userRunning),
      waiting: try environment(Settings.userWaiting, flag: userWaiting))
    configuration.maxAttempts = try environment(Settings.maximumAttempts, flag: maxAttempts)
    let age = try environment(Settings.deadMaximumAge, flag: deadMaxAge)
    let length = try environment(Settings.deadMaximumLength, flag: deadMaxLength)
    configuration.deadLetterLimits = DeadLetterLimits(
      maximumAge: age == 0 ? nil : .seconds(age), maximumCount: length == 0 ? nil : length)
    configuration.drainTime = .seconds(try environment(Settings.drainSeconds, flag: drainSeconds))
    return configuration
  }
}

/// How models are downloaded.
struct DownloadFlags: ParsableArguments {
  @Option(Settings.modelManifest, alias: "manifest") var modelManifest: String?
  @Option(Settings.agreesToLicense) var coquiTosAgreed: String?
  @Option(Settings.hubEndpoint) var hubEndpoint: String?
  @Option(Settings.hubTimeout) var hubTimeout: String?
  @Option(Settings.hubOffline) var hubOffline: String?
  @Option(Settings.certificateFile) var certificateFile: String?

  /// The environment with these options in place of their variables.
  func environment(_ environment: Environment) -> Environment {
    environment.setting([
      (Settings.modelManifest.description, modelManifest), (Settings.agreesToLicense.description, coquiTosAgreed),
      (Settings.hubEndpoint.description, hubEndpoint), (Settings.hubOffline.description, hubOffline),
      (Settings.hubTimeout.description, hubTimeout),
      (Settings.certificateFile.description, certificateFile),
    ])
  }
}

/// Limits of requests and replies.
struct LimitFlags: ParsableArguments {
  @Option(Settings.maximumText) var maxText: String?
  @Option(Settings.maximumReplyBytes) var maxReplyBytes: String?
  @Option(Settings.bodyMemory) var memoryBodies: String?
  @Option(Settings.audioMemory) var memoryAudio: String?
  @Option(Settings.replyMemory) var memoryReplies: String?
  @Option(Settings.allowedURLHosts) var urlAllow: String?
  @Option(Settings.decoder) var decoder: String?
}

/// The defaults of requests.
struct DefaultFlags: ParsableArguments {
  @Option(Settings.defaultVoice) var defaultVoice: String?
  @Option(Settings.defaultLanguage) var defaultLanguage: String?
  @OptionGroup var reading: ReadingFlags

  func defaults(_ environment: Environment) throws(BadSetting) -> SpeechPlanner.Defaults {
    var values = try reading.defaults(environment)
    values.language = try environment(Settings.defaultLanguage, flag: defaultLanguage)
    return values
  }
}

/// The defaults of requests for how a text is read.
struct ReadingFlags: ParsableArguments {
  @Option(Settings.textNormalization) var textNormalization: String?
  @Option(Settings.finalPeriod) var dropFinalPeriod: String?
  @Option(Settings.pauseSentence) var pauseSentence: String?
  @Option(Settings.pauseParagraph) var pauseParagraph: String?
  @Option(Settings.lexicon) var lexicon: String?

  func defaults(_ environment: Environment) throws(BadSetting) -> SpeechPlanner.Defaults {
    var values = SpeechPlanner.Defaults()
    values.normalization = try environment(Settings.textNormalization, flag: textNormalization)
    values.finalPeriod = try environment(Settings.finalPeriod, flag: dropFinalPeriod)
    values.pauses = SentencePauses(
      sentence: try environment(Settings.pauseSentence, flag: pauseSentence),
      paragraph: try environment(Settings.pauseParagraph, flag: pauseParagraph))
    values.lexicon = try environment(Settings.lexicon, flag: lexicon)
    return values
  }
}

/// Where voices and records are stored.
struct StorageFlags: ParsableArguments {
  @Option(Settings.database) var database: String?
  @Option(Settings.keyFile) var keyFile: String?
  @Option(Settings.voiceDirectory) var voiceDir: String?
}

/// The limits of the service's records, and the folder of stored audio.
struct RetentionFlags: ParsableArguments {
  @Option(Settings.storeDirectory) var storeDir: String?
  @Option(Settings.storeURL) var storeURL: String?
  @Option(Settings.auditText) var auditText: String?
  @Option(Settings.auditDays) var auditDays: String?
  @Option(Settings.keepRepliesHours) var keepRepliesHours: String?
  @Option(Settings.keepRepliesBytes) var keepRepliesBytes: String?
  @Option(Settings.keepClipsDays) var keepClipsDays: String?
  @Option(Settings.keepClipsBytes) var keepClipsBytes: String?
}

/// The HTTP adapter's address.
struct HTTPAddressFlags: ParsableArguments {
  @Option(Settings.httpHost) var httpHost: String?
  @Option(Settings.httpPort) var httpPort: String?
}

/// The HTTP adapter's address and content.
struct HTTPFlags: ParsableArguments {
  @OptionGroup var address: HTTPAddressFlags
  @Option(Settings.httpIdleSeconds) var httpIdleSeconds: String?
  @Option(Settings.adminPort) var adminPort: String?
  @Option(Settings.httpAddressConnections) var httpAddressConnections: String?
  @Option(Settings.tokensFile) var tokensFile: String?
  @Option(Settings.page) var page: String?
  @Option(Settings.allowedOrigins) var allowOrigins: String?
  @Option(Settings.allowedHosts) var httpHosts: String?
}

struct LogFlags: ParsableArguments {
  @Option(Settings.logLevel) var log: String?
  @Option(Settings.logFormat) var logFormat: String?
}
