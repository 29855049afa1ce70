import AMQPAdapter
import ArgumentParser
import RabbitMQ
import SpeechCore

/// Where the broker is and how its queues are named.
struct BusFlags: ParsableArguments {
  @Option(name: .customLong("amqp-url"), help: "The broker (SPEECHBUS_AMQP_URL; amqp://guest:guest@127.0.0.1:5672/).")
  var amqpURL: String?

  @Option(help: "Queue of synthesis requests (SPEECHBUS_QUEUE; tts.synthesize).")
  var queue: String?

  func connection(_ environment: Environment = .process) throws -> ConnectionConfiguration {
    let url = try environment(Settings.amqpURL, flag: amqpURL)
    do throws(RabbitMQError) {
      return try ConnectionConfiguration(url: url)
    } catch {
      // The URL holds a password, so the message quotes no part of it.
      throw CommandFailure("SPEECHBUS_AMQP_URL: \(error)")
    }
  }

  func names(_ environment: Environment = .process) throws(BadSetting) -> QueueNames {
    QueueNames(synthesize: try environment(Settings.queue, flag: queue))
  }

  func configuration(_ environment: Environment = .process) throws -> AMQPConfiguration {
    var configuration = AMQPConfiguration(connection: try connection(environment), names: try names(environment))
    configuration.queueType = try environment(Settings.queueType)
    configuration.prefetch = try environment(Settings.prefetch)
    configuration.maxAttempts = try environment(Settings.maximumAttempts)
    configuration.userLimits = UserLimits(
      running: try environment(Settings.userRunning), waiting: try environment(Settings.userWaiting))
    configuration.maxQueueLength = try environment(Settings.maximumQueue)
    configuration.drainTime = .seconds(try environment(Settings.drainSeconds))
    return configuration
  }
}

/// Where voices, records and clips are kept.
struct StorageFlags: ParsableArguments {
  @Option(help: "SQLite database (SPEECHBUS_DATABASE; speechbus.sqlite).")
  var database: String?

  @Option(help: "Folder of registered voices' audio (XTTS_VOICE_DIR; voices).")
  var voiceDir: String?
}

/// How long the service keeps what it remembers.
struct RetentionFlags: ParsableArguments {
  @Option(help: "Days to keep audit rows, 0 for ever (SPEECHBUS_AUDIT_DAYS; 0).")
  var auditDays: String?

  @Option(help: "Hours to keep stored replies (SPEECHBUS_KEEP_REPLIES_HOURS; 24).")
  var keepRepliesHours: String?

  @Option(help: "Bytes of stored replies to keep (SPEECHBUS_KEEP_REPLIES_BYTES; 536870912).")
  var keepRepliesBytes: String?

  @Option(help: "Days to keep stored clips, 0 for ever (SPEECHBUS_KEEP_CLIPS_DAYS; 0).")
  var keepClipsDays: String?

  @Option(help: "Bytes of stored clips to keep, 0 for all (SPEECHBUS_KEEP_CLIPS_BYTES; 0).")
  var keepClipsBytes: String?
}

/// The HTTP adapter's address.
struct HTTPAddressFlags: ParsableArguments {
  @Option(help: "Address to listen on (SPEECHBUS_HTTP_HOST; 127.0.0.1).")
  var httpHost: String?

  @Option(help: "Port to listen on, 0 for any free one (SPEECHBUS_HTTP_PORT; 8081).")
  var httpPort: String?
}

/// What the HTTP adapter serves, and where.
struct HTTPFlags: ParsableArguments {
  @OptionGroup var address: HTTPAddressFlags

  @Option(help: "1 to show a page for people at /, 0 for none (SPEECHBUS_PAGE; 1).")
  var page: String?
}
