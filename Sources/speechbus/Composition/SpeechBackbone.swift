import AMQPAdapter
import Downloads
import Foundation
import Logging
import Metrics
import SQLiteStorage
import ServiceLifecycle
import SpeechCore
import SpeechService
import XTTSEngine

/// Model, voices and bus as one service: loads the model, opens the gate, consumes until told to stop, then drains.
struct SpeechBackbone: Service {
  let settings: ServiceSettings
  let database: SpeechDatabase
  let journal: SQLiteRequestJournal
  let clips: ClipDirectory
  let retention: Retention
  let gate: HandlerGate
  let admission: AdmissionControl
  let health: ServiceHealth
  let fetcher: any AudioFetcher
  let logger: Logger

  func run() async throws {
    guard let (model, synthesizer) = try await loadModel() else { return }
    defer { synthesizer.close() }
    for note in synthesizer.notes { logger.info("\(note)") }
    for warning in synthesizer.warnings { logger.warning("\(warning)") }
    Gauge(label: "speechbus_slots").record(synthesizer.slots)

    let store = SQLiteVoiceStore(database, voiceDirectory: settings.voiceDirectory, journal: journal)
    try await store.removeOrphanedSamples()
    let voiceLog = AMQPVoiceLog(settings.bus.connection, name: settings.bus.names.voiceLog)
    let replicator = VoiceReplicator(
      store: store, position: SQLiteVoiceReplicationStore(database), log: voiceLog,
      modelDigest: synthesizer.model.sha256,
      onProblem: { logger.debug("voice log", metadata: ["error": "\($0)"]) })
    let handler = try await requestHandler(synthesizer, store: store, onVoiceChange: replicator.noticeChange)
    var bus = settings.bus
    bus.slots = synthesizer.slots
    admission.resize(slots: bus.slots, capacity: bus.waitingCapacity)
    let meters = BusMeters()
    let consumer = AMQPConsumerService(
      configuration: bus, handler: handler, admission: admission, budgets: settings.budgets, logger: logger
    ) { meters.observe($0) }
    health.watch { consumer.currentState }
    health.set(.ready)
    let keeping = Task {
      try await settings.engine.keepPackedWeights(of: synthesizer, in: model, settings.environment, logger: logger)
    }
    defer { keeping.cancel() }
    gate.open(handler)
    logger.info(
      "ready",
      metadata: [
        "model": "\(synthesizer.model.repo)", "device": "\(synthesizer.model.device)",
        "precision": "\(synthesizer.model.precision)", "slots": "\(synthesizer.slots)",
        "load_seconds": "\(synthesizer.loadTime / .seconds(1))",
      ])
    defer { health.set(.stopped) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await replicator.run() }
      group.addTask { await retention.run() }
      defer { group.cancelAll() }
      try await consumer.run()
    }
    await voiceLog.close()
  }

  /// The model, fetched first where its folder lacks files, and waited for where that is wanted; nil when the service
  /// was stopped meanwhile. What has come of a fetch stays for the next start.
  private func loadModel() async throws -> (model: ModelDirectory, engine: XTTSEngine)? {
    let (settings, health, logger) = (settings, health, logger)
    let arrival = ModelArrival(
      directory: settings.modelDirectory, environment: settings.environment, repositoryID: settings.engine.repoID,
      health: health, logger: logger)
    do {
      return try await PartOpener(policy: settings.start, logger: logger).open(.model) {
        try await arrival.complete { model in
          let engine = try await settings.engine.loadEngine(
            model, settings.environment, metrics: EngineMeters(), logger: logger)
          return (model, engine)
        }
      }
    } catch {
      if Task.isShuttingDownGracefully { return nil }
      throw error
    }
  }

  private func requestHandler(
    _ synthesizer: XTTSEngine, store: SQLiteVoiceStore, onVoiceChange: @escaping @Sendable () -> Void
  ) async throws -> any SpeechRequestHandler {
    let registry = VoiceRegistry(
      store: store, intake: VoiceIntake(fetcher: fetcher, budgets: settings.budgets), synthesizer: synthesizer,
      defaultLanguage: settings.defaultLanguage,
      onResolve: { source in
        Counter(label: "speechbus_conditioning_total", dimensions: [("source", "\(source)")]).increment()
      }, onChange: onVoiceChange)
    if let path = settings.defaultVoice { try await registry.useDefaultVoice(path: path) }
    let service = SynthesisService(
      synthesizer: synthesizer, voiceCatalog: registry, clipStore: clips, limits: settings.limits,
      defaultLanguage: settings.defaultLanguage, modelDirectory: settings.modelDirectory,
      executor: BackgroundExecutor.shared)
    return MeteredRequests(base: JournaledRequests(service, journal: journal, auditText: settings.auditText))
  }
}
