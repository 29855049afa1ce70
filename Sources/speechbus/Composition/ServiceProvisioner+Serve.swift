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

extension ServiceProvisioner {
  /// Serves requests of the bus and of HTTP with a loaded model until a graceful shutdown, then drains both.
  func serve(_ database: SpeechDatabase, _ model: ModelDirectory, _ engine: XTTSEngine) async throws {
    for note in engine.notes { logger.info("\(note)") }
    for warning in engine.warnings + engine.languageWarnings { logger.warning("\(warning)") }
    Gauge(label: "speechbus_slots").record(engine.slots)

    let store = SQLiteVoiceStore(
      database, voiceDirectory: settings.voiceDirectory, journal: journal(database))
    try await store.removeOrphanedSamples()
    let replicator = VoiceReplicator(
      store: store, position: SQLiteVoiceReplicationStore(database),
      log: AMQPVoiceLog(settings.bus.connection, name: settings.bus.names.voiceLog, logger: logger),
      modelDigest: engine.model.sha256,
      onProblem: { logger.debug("voice log", metadata: ["error": "\($0)"]) })
    let service = try await speechService(engine, database, store, onVoiceChange: replicator.noticeChange)
    var bus = settings.bus
    bus.slots = engine.slots
    admission.resize(slots: bus.slots, capacity: bus.waitingCapacity)
    let meters = BusMeters()
    let consumer = AMQPConsumerService(
      configuration: bus, handler: requests, admission: admission, budgets: settings.budgets, logger: logger
    ) { meters.observe($0) }
    state.watch { consumer.currentState }
    requests.use(.open(journal(database), .success(service)))
    logger.info(
      "ready",
      metadata: [
        "model": "\(engine.model.repo)", "device": "\(engine.model.device)",
        "precision": "\(engine.model.precision)", "slots": "\(engine.slots)",
        "load_seconds": "\(engine.loadTime / .seconds(1))",
      ])
    // A stop does not wait for this.
    let keeping = Task {
      try await settings.engine.keepPackedWeights(of: engine, in: model, settings.environment, logger: logger)
    }
    defer { keeping.cancel() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await replicator.run() }
      group.addTask { await retention(database).run() }
      defer { group.cancelAll() }
      try await consumer.run()
    }
    await drainHTTP()
  }

  /// The consumer has drained the bus. HTTP requests are taken until the listening time is over, and finished until the
  /// drain time is over.
  private func drainHTTP() async {
    guard let begin = state.drainBegin else { return }
    try? await Task.sleep(until: begin + settings.drainListenTime, clock: .continuous)
    requests.use(.closed(SpeechError(.modelUnavailable, "the service stops; try another replica")))
    await requests.waitUntilIdle(until: begin + max(settings.bus.drainTime, settings.drainListenTime))
  }

  func journal(_ database: SpeechDatabase) -> SQLiteRequestJournal {
    SQLiteRequestJournal(database, replies: replies(database))
  }

  private func replies(_ database: SpeechDatabase) -> SQLiteReplyStore {
    SQLiteReplyStore(
      database, maximumAge: settings.retention.replyAge, maximumBytes: settings.retention.replyBytes)
  }

  private func retention(_ database: SpeechDatabase) -> Retention {
    Retention(
      settings: settings.retention, audit: SQLiteAuditLog(database), replies: replies(database), clips: clips,
      logger: logger)
  }

  private func speechService(
    _ engine: XTTSEngine, _ database: SpeechDatabase, _ store: SQLiteVoiceStore,
    onVoiceChange: @escaping @Sendable () -> Void
  ) async throws -> SynthesisService {
    let fetcher = AudioDownloader(allowedHosts: settings.allowedURLHosts)
    let registry = VoiceRegistry(
      store: store,
      intake: VoiceIntake(
        decoder: DecoderMeters.counting(settings.decoder), fetcher: fetcher, budgets: settings.budgets),
      synthesizer: engine,
      defaultLanguage: settings.defaultLanguage,
      onResolve: { source in
        Counter(label: "speechbus_conditioning_total", dimensions: [("source", "\(source)")]).increment()
      }, onChange: onVoiceChange)
    if let path = settings.defaultVoice { try await registry.useDefaultVoice(path: path) }
    return SynthesisService(
      synthesizer: engine, voiceCatalog: registry, clipStore: clips, limits: settings.limits,
      defaults: settings.speech, lexicons: SQLiteLexiconStore(database, journal: journal(database)),
      modelDirectory: settings.modelDirectory, encoder: settings.decoder.encoder,
      executor: BackgroundExecutor.shared)
      executor: BackgroundExecutor.shared)
  }
}
