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
    let replicator = replicator(database, store, engine)
    state.watch(replicator.status)
    let service = try await speechService(engine, database, store, onVoiceChange: replicator.noticeChange)
    var bus = settings.bus
    bus.slots = engine.slots
    admission.resize(slots: bus.slots, capacity: bus.waitingCapacity)
    let meters = BusMeters()
    let consumer = AMQPConsumerService(
      configuration: bus, handler: requests, admission: admission, budgets: settings.budgets, logger: logger
    ) { meters.observe($0) }
    state.watch(consumer)
    let shared = sharedJournal(database)
    requests.use(.open(shared, .success(service)))
    // A stop does not wait for this.
    let keeping = Task {
      try await settings.engine.keepPackedWeights(of: engine, in: model, settings.environment, logger: logger)
    }
    defer { keeping.cancel() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await announceReady(engine) }
      group.addTask { await replicator.run() }
      group.addTask { await shared.run() }
      group.addTask { await state.watchFiles() }
      group.addTask { await retention(database).run() }
      defer { group.cancelAll() }
      try await consumer.run()
    }
    await drainHTTP()
  }

  /// Logs once that requests can be served: the model is loaded and the broker connected.
  private func announceReady(_ engine: XTTSEngine) async {
    while !state.health.isReady {
      guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
    }
    logger.info(
      "ready",
      metadata: [
        "event": "ready", "model": "\(engine.model.repo)", "device": "\(engine.model.device)",
        "precision": "\(engine.model.precision)", "slots": .stringConvertible(engine.slots),
        "load_seconds": .stringConvertible(engine.loadTime / .seconds(1)), "version": "\(Release.description)",
      ])
  }

  private func replicator(
    _ database: SpeechDatabase, _ store: SQLiteVoiceStore, _ engine: XTTSEngine
  ) -> VoiceReplicator {
    VoiceReplicator(
      store: store, lexicons: SQLiteLexiconStore(database), position: SQLiteVoiceReplicationStore(database),
      log: AMQPReplicaLog(settings.bus.connection, name: settings.bus.names.voiceLog, logger: logger), clips: clips,
      modelDigest: engine.model.sha256, keys: { database.keyFile.ring }
    ) { [logger] event in
      switch event {
      case .problem(let error): logger.debug("voice log", metadata: ["error": "\(error)"])
      case .refused(let refusal, let offset, let isNews):
        Counter(label: "speechbus_voice_log_refused_total", dimensions: [("reason", refusal.label)]).increment()
        logger.log(
          level: isNews ? .error : .warning, "an entry of the voice log was refused",
          metadata: ["offset": .stringConvertible(offset), "reason": "\(refusal)"])
      case .reset:
        logger.warning("the voice log was lost or replaced; this replica has published its voices again")
      case .erased: logger.info("the voice log was replaced without the recordings of deleted voices")
      }
    }
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

  /// The journal whose keys and replies the replicas share over the broker.
  private func sharedJournal(_ database: SpeechDatabase) -> SharedJournal {
    let (connection, names) = (settings.bus.connection, settings.bus.names)
    let retention = (
      hours: max(1, Int(settings.retention.replyAge / 3_600)), bytes: max(1 << 26, settings.retention.replyBytes)
    )
    return SharedJournal(
      local: journal(database),
      log: AMQPReplicaLog(connection, name: names.replyLog, retention: retention, logger: logger),
      claims: AMQPKeyClaims(connection, prefix: names.claims, logger: logger), keys: { database.keyFile.ring }
    ) { [logger] in logger.debug("reply log", metadata: ["error": "\($0)"]) }
  }

  private func replies(_ database: SpeechDatabase) -> SQLiteReplyStore {
    SQLiteReplyStore(
      database, maximumAge: settings.retention.replyAge, maximumBytes: settings.retention.replyBytes)
  }

  private func retention(_ database: SpeechDatabase) -> Retention {
    Retention(
      settings: settings.retention, clock: database.clock, audit: SQLiteAuditLog(database),
      replies: replies(database), clips: clips, logger: logger)
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
      synthesizer: engine, clips: clips,
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
  }
}
