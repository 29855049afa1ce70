import AMQPAdapter
import Observability
import SpeechCore
import SpeechService
import XTTSEngine

/// Every setting of the service, with its default and what it may be.
enum Settings {
  static let modelDirectory = Setting.text("XTTS_MODEL_DIR", default: "models/coqui_xtts_v2", allowed: "a folder")
  static let repository = Setting.text("XTTS_REPO_ID", default: "coqui/XTTS-v2", allowed: "a repository id")
  static let defaultVoice = Setting.optionalText("XTTS_DEFAULT_VOICE")
  static let defaultLanguage = Setting<Language>(
    name: "XTTS_DEFAULT_LANGUAGE", defaultValue: .english,
    allowed: "one of " + Language.allCases.map(\.rawValue).joined(separator: ", ")
  ) { Language(tag: $0) }
  static let voiceDirectory = Setting.text("XTTS_VOICE_DIR", default: "voices", allowed: "a folder")
  static let storeDirectory = Setting.text("XTTS_STORE_DIR", default: "generated", allowed: "a folder")
  static let allowedOrigins = Setting.text("XTTS_ALLOW_ORIGINS", default: "*", allowed: "* or origins with commas")
  static let useGPU = Setting.device("XTTS_USE_GPU")
  static let precision = Setting.choice("XTTS_PRECISION", default: EngineOptions.Precision.auto)
  static let allowsTF32 = Setting.flag("SPEECHBUS_TF32")

  static let modelCache = Setting<ModelCachePlace>(
    name: "SPEECHBUS_MODEL_CACHE", defaultValue: .besideTheModel, allowed: "on, off, or a folder's path with a /"
  ) { ModelCachePlace($0) }

  static let modelManifest = Setting.optionalText("SPEECHBUS_MODEL_MANIFEST")

  static let amqpURL = Setting.text(
    "SPEECHBUS_AMQP_URL", default: "amqp://guest:guest@127.0.0.1:5672/", allowed: "an amqp:// or amqps:// URL")
  static let queue = Setting.text("SPEECHBUS_QUEUE", default: "tts.synthesize", allowed: "a queue name")
  static let queueType = Setting.choice("SPEECHBUS_QUEUE_TYPE", default: AMQPConfiguration.QueueType.quorum)
  static let prefetch = Setting.integer("SPEECHBUS_PREFETCH", default: 0, in: 0...10_000)
  static let slots = Setting<Int?>(
    name: "SPEECHBUS_SLOTS", defaultValue: nil, allowed: "auto, or a whole number from 1 to 256"
  ) { text in
    if text.lowercased() == "auto" { return .some(nil) }
    return Int(text).flatMap { (1...256).contains($0) ? .some($0) : nil }
  }
  static let userRunning = Setting.integer("SPEECHBUS_USER_RUNNING", default: 0, in: 0...10_000)
  static let userWaiting = Setting.integer("SPEECHBUS_USER_WAITING", default: 0, in: 0...10_000)
  static let maximumQueue = Setting.integer("SPEECHBUS_MAX_QUEUE", default: 0, in: 0...100_000_000)
  static let maximumAttempts = Setting.integer("SPEECHBUS_MAX_ATTEMPTS", default: 5, in: 1...100)
  static let maximumText = Setting.integer("SPEECHBUS_MAX_TEXT", default: 5_000, in: 1...1_000_000)
  static let maximumSpokenText = Setting.integer(
    "SPEECHBUS_MAX_SPOKEN_TEXT", default: 20_000, in: 1...1_000_000)
  static let maximumReplyBytes = Setting.integer("SPEECHBUS_MAX_REPLY_BYTES", default: 8 << 20, in: 1_024...(120 << 20))
  static let bodyMemory = Setting.integer("SPEECHBUS_MEMORY_BODIES", default: 128 << 20, in: (1 << 20)...(1 << 40))
  static let audioMemory = Setting.integer("SPEECHBUS_MEMORY_AUDIO", default: 128 << 20, in: (64 << 20)...(1 << 40))
  static let replyMemory = Setting.integer("SPEECHBUS_MEMORY_REPLIES", default: 512 << 20, in: (1 << 20)...(1 << 40))
  static let drainSeconds = Setting.integer("SPEECHBUS_DRAIN_SECONDS", default: 30, in: 0...3_600)

  static let start = Setting.choice("SPEECHBUS_START", default: StartPolicy.auto)

  static let database = Setting.text("SPEECHBUS_DATABASE", default: "speechbus.sqlite", allowed: "a file")
  static let auditText = Setting.choice("SPEECHBUS_AUDIT_TEXT", default: AuditTextPolicy.hash)
  static let auditDays = Setting.integer("SPEECHBUS_AUDIT_DAYS", default: 0, in: 0...36_500)

  static let keepRepliesHours = Setting.integer("SPEECHBUS_KEEP_REPLIES_HOURS", default: 24, in: 1...8_760)
  static let keepRepliesBytes = Setting.integer(
    "SPEECHBUS_KEEP_REPLIES_BYTES", default: 512 << 20, in: 0...(1 << 40))
  static let keepClipsDays = Setting.integer("SPEECHBUS_KEEP_CLIPS_DAYS", default: 0, in: 0...36_500)
  static let keepClipsBytes = Setting.integer("SPEECHBUS_KEEP_CLIPS_BYTES", default: 0, in: 0...(1 << 50))

  static let httpHost = Setting.text("SPEECHBUS_HTTP_HOST", default: "127.0.0.1", allowed: "an address")
  static let httpPort = Setting.integer("SPEECHBUS_HTTP_PORT", default: 8_081, in: 0...65_535)
  static let httpAddressConnections = Setting.integer(
    "SPEECHBUS_HTTP_ADDRESS_CONNECTIONS", default: 512, in: 0...1_000_000)
  static let httpToken = Setting.optionalText("SPEECHBUS_HTTP_TOKEN")
  static let page = Setting.flag("SPEECHBUS_PAGE", default: true)
  static let allowedURLHosts = Setting.text("SPEECHBUS_URL_ALLOW", default: "", allowed: "host names with commas")

  static let logLevel = Setting.choice("SPEECHBUS_LOG", default: LogLevel.info)
  static let logFormat = Setting<LogFormat?>(
    name: "SPEECHBUS_LOG_FORMAT", defaultValue: nil, allowed: "text or json"
  ) { LogFormat(rawValue: $0.lowercased()) }
}

enum LogLevel: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
