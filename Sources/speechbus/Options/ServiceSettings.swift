import AMQPAdapter
import Foundation
import SpeechCore
import SpeechService

/// Everything `serve` reads before it starts; a bad value stops it here.
struct ServiceSettings: Sendable {
  let environment: Environment
  let engine: EngineFlags
  let bus: AMQPConfiguration
  let start: StartPolicy
  /// The time after a stop signal in which HTTP requests are still served.
  let drainListenTime: Duration
  let modelDirectory: String
  let databasePath: String
  /// Nil is a file next to the database.
  let keyFile: String?
  let voiceDirectory: String
  let storeDirectory: String
  let storeURL: String
  let defaultVoice: String?
  let defaultLanguage: Language
  let speech: SpeechPlanner.Defaults
  let limits: SynthesisService.Limits
  let budgets: MemoryBudgets
  let auditText: AuditTextPolicy
  let retention: RetentionSettings
  let allowedURLHosts: [String]
  let decoder: DecoderChoice

  init(
    engine: EngineFlags, downloads: DownloadFlags, bus: BusFlags, consumer: ConsumerFlags, limits: LimitFlags,
    defaults: DefaultFlags, storage: StorageFlags, retention: RetentionFlags, environment: Environment = .process
  ) throws {
    let environment = downloads.environment(environment).setting([
      (Settings.modelCache.description, engine.modelCache)
    ])
    self.environment = environment
    self.engine = engine
    var busConfiguration = try consumer.configuration(bus, environment)
    start = try environment(Settings.start, flag: consumer.start)
    drainListenTime = .seconds(try environment(Settings.drainListenSeconds, flag: consumer.drainListenSeconds))
    // Read now, so that a bad value stops the start and not the load.
    _ = try engine.options(environment)
    modelDirectory = try engine.modelDirectory(environment)
    databasePath = try environment(Settings.database, flag: storage.database)
    keyFile = try environment(Settings.keyFile, flag: storage.keyFile)
    voiceDirectory = try environment(Settings.voiceDirectory, flag: storage.voiceDir)
    storeDirectory = try environment(Settings.storeDirectory, flag: retention.storeDir)
    storeURL = try environment(Settings.storeURL, flag: retention.storeURL)
    defaultVoice = try environment(Settings.defaultVoice, flag: defaults.defaultVoice)
    defaultLanguage = try environment(Settings.defaultLanguage, flag: defaults.defaultLanguage)
    speech = try defaults.defaults(environment)
    self.limits = SynthesisService.Limits(
      maximumText: try environment(Settings.maximumText, flag: limits.maxText),
      maximumReplyBytes: try environment(Settings.maximumReplyBytes, flag: limits.maxReplyBytes))
    budgets = MemoryBudgets(
      bodies: try environment(Settings.bodyMemory, flag: limits.memoryBodies),
      audio: try environment(Settings.audioMemory, flag: limits.memoryAudio),
      replies: try environment(Settings.replyMemory, flag: limits.memoryReplies), maximumText: self.limits.maximumText)
    // A body that could never be held is refused by its size.
    busConfiguration.maxRequestBytes = min(busConfiguration.maxRequestBytes, budgets.bodies.limit)
    self.bus = busConfiguration
    auditText = try environment(Settings.auditText, flag: retention.auditText)
    self.retention = try RetentionSettings(retention, environment: environment)
    decoder = try environment(Settings.decoder, flag: limits.decoder)
    allowedURLHosts = try environment(Settings.allowedURLHosts, flag: limits.urlAllow).split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }
}
