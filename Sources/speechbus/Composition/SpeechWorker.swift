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

/// Serves requests of the bus and of HTTP with a loaded model until a graceful shutdown, then drains both.
struct SpeechWorker {
  let settings: ServiceSettings
  let state: ServiceState
  let requests: SwitchableHandler
  let admission: AdmissionControl
  let clips: ClipDirectory
  let logger: Logger
  let database: SpeechDatabase
  let model: ModelDirectory
  let engine: XTTSEngine

  func run() async throws {
    for note in engine.notes { logger.info("\(note)") }
    for warning in engine.warnings { logger.warning("\(warning)") }
    Gauge(label: "speechbus_slots").record(engine.slots)

    let store = SQLiteVoiceStore(
      database, voiceDirectory: settings.voiceDirectory, journal: Self.journal(database, settings))
    try await store.removeOrphanedSamples()
    let replicator = VoiceReplicator(
      store: store, position: SQLiteVoiceReplicationStore(database),
      log: AMQPVoiceLog(settings.bus.connection, name: settings.bus.names.voiceLog, logger: logger),
      modelDigest: engine.model.sha256,
      onProblem: { logger.debug("voice log", metadata: ["error": "\($0)"]) })
    let handler = try await requestHandler(store, onVoiceChange: replicator.noticeChange)
    var bus = settings.bus
    bus.slots = engine.slots
    admission.resize(slots: bus.slots, capacity: bus.waitingCapacity)
    let meters = BusMeters()
    let consumer = AMQPConsumerService(
      configuration: bus, handler: handler, admission: admission, budgets: settings.budgets, logger: logger
    ) { meters.observe($0) }
    state.watch { consumer.currentState }
    requests.use(handler)
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
      group.addTask { await retention.run() }
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
    requests.use(RefusingHandler(error: SpeechError(.modelUnavailable, "the service stops; try another replica")))
    await requests.waitUntilIdle(until: begin + max(settings.bus.drainTime, settings.drainListenTime))
  }

  private static func replies(_ database: SpeechDatabase, _ settings: ServiceSettings) -> SQLiteReplyStore {
    SQLiteReplyStore(
      database, maximumAge: settings.retention.replyAge, maximumBytes: settings.retention.replyBytes)
  }

  private static func journal(_ database: SpeechDatabase, _ settings: ServiceSettings) -> SQLiteRequestJournal {
    SQLiteRequestJournal(database, replies: replies(database, settings))
  }

  /// `work` with a record and metrics for each request.
  static func recorded(
    _ work: any SpeechWork, in database: SpeechDatabase, _ settings: ServiceSettings
  ) -> any SpeechRequestHandler {
    MeteredRequests(
      base: JournaledRequests(work, journal: journal(database, settings), auditText: settings.auditText))
  }

  private var retention: Retention {
    Retention(
      settings: settings.retention, audit: SQLiteAuditLog(database), replies: Self.replies(database, settings),
      clips: clips, logger: logger)
  }

  private func requestHandler(
    _ store: SQLiteVoiceStore, onVoiceChange: @escaping @Sendable () -> Void
  ) async throws -> any SpeechRequestHandler {
    let fetcher = AudioDownloader(allowedHosts: settings.allowedURLHosts)
    let registry = VoiceRegistry(
      store: store,
      intake: VoiceIntake(decoder: settings.decoder.decoder, fetcher: fetcher, budgets: settings.budgets),
      synthesizer: engine,
      defaultLanguage: settings.defaultLanguage,
      onResolve: { source in
        Counter(label: "speechbus_conditioning_total", dimensions: [("source", "\(source)")]).increment()
      }, onChange: onVoiceChange)
    if let path = settings.defaultVoice { try await registry.useDefaultVoice(path: path) }
    let service = SynthesisService(
      synthesizer: engine, voiceCatalog: registry, clipStore: clips, limits: settings.limits,
      defaultLanguage: settings.defaultLanguage, modelDirectory: settings.modelDirectory,
      executor: BackgroundExecutor.shared)
    return Self.recorded(service, in: database, settings)
  }
}
