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
  let modelDirectory: String
  let databasePath: String
  let voiceDirectory: String
  let storeDirectory: String
  let defaultVoice: String?
  let defaultLanguage: Language
  let limits: SynthesisService.Limits
  let budgets: MemoryBudgets
  let auditText: AuditTextPolicy
  let retention: RetentionSettings
  let allowedURLHosts: [String]

  init(
    engine: EngineFlags, bus: BusFlags, storage: StorageFlags, retention: RetentionFlags,
    environment: Environment = .process
  ) throws {
    self.environment = environment
    self.engine = engine
    var busConfiguration = try bus.configuration(environment)
    start = try environment(Settings.start)
    // Read now, so that a bad value stops the start and not the load.
    _ = try engine.options(environment)
    modelDirectory = try engine.modelDirectory(environment)
    databasePath = try environment(Settings.database, flag: storage.database)
    voiceDirectory = try environment(Settings.voiceDirectory, flag: storage.voiceDir)
    storeDirectory = try environment(Settings.storeDirectory)
    defaultVoice = try environment(Settings.defaultVoice)
    defaultLanguage = try environment(Settings.defaultLanguage)
    limits = SynthesisService.Limits(
      maximumText: try environment(Settings.maximumText),
      maximumReplyBytes: try environment(Settings.maximumReplyBytes))
    budgets = MemoryBudgets(
      bodies: try environment(Settings.bodyMemory), audio: try environment(Settings.audioMemory),
      replies: try environment(Settings.replyMemory), maximumText: limits.maximumText)
    // A body that could never be held is refused by its size.
    busConfiguration.maxRequestBytes = min(busConfiguration.maxRequestBytes, budgets.bodies.limit)
    self.bus = busConfiguration
    auditText = try environment(Settings.auditText)
    self.retention = try RetentionSettings(retention, environment: environment)
    allowedURLHosts = try environment(Settings.allowedURLHosts).split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }
}
