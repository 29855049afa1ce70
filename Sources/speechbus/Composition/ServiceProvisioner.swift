import Downloads
import Foundation
import Logging
import RabbitMQ
import SQLiteStorage
import ServiceLifecycle
import SpeechCore
import SpeechService
import XTTSEngine

/// Executes the actions of ``ServiceProvisioning``: it provides the parts of the service one after the other, serves
/// with them until a graceful shutdown, and drains.
struct ServiceProvisioner: Service {
  let settings: ServiceSettings
  let state: ServiceState
  let requests: RequestHandler
  let admission: AdmissionControl
  let clips: ClipDirectory
  let logger: Logger

  /// - Throws: ``CommandFailure`` with the message of a failed start.
  func run() async throws {
    try await withGracefulShutdownHandler {
      try await provision()
    } onGracefulShutdown: {
      state.note { $0.stop(at: .now) }
    }
  }

  private func provision() async throws {
    var model: ModelDirectory?
    var engine: XTTSEngine?
    defer { engine?.close() }
    var action = state.note { $0.start() }
    while true {
      switch action {
      case .probeBroker: action = await probeBroker()
      case .openDatabase: action = await openDatabase()
      case .findModel:
        do throws(DownloadError) {
          let files = try ModelDirectory(path: settings.modelDirectory)
          model = files
          action = state.note { $0.modelFound(files.identities, at: .now) }
        } catch {
          action = state.note { $0.modelIncomplete(error.message, at: .now) }
        }
      case .downloadModel(let reason):
        if let reason { logger.info("the model is not complete", metadata: ["reason": "\(reason)"]) }
        action = try await downloadModel()
      case .loadModel:
        guard let model else { return }
        do {
          engine = try await settings.engine.loadEngine(
            model, settings.environment, metrics: EngineMeters(), logger: logger)
          action = state.note { $0.loaded() }
        } catch let error as CommandFailure {
          action = state.note { $0.loadFailed(error.description, at: .now, jitter: .random(in: 0..<1)) }
        }
      case .wait(let pause, let part, let reason):
        if let reason { logger.warning("waiting for the \(part.rawValue)", metadata: ["reason": "\(reason)"]) }
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        try Task.checkCancellation()
        action = state.note { $0.waited() }
      case .serve:
        guard let model, let engine, let database = state.database else { return }
        try await serve(database, model, engine)
        action = state.note { $0.stopped() }
      case .finish(let failure):
        if let failure { throw CommandFailure(failure) }
        return
      }
    }
  }

  private func probeBroker() async -> ServiceState.Provisioning.Action {
    do throws(RabbitMQError) {
      await (try await Connection.openAny(settings.bus.connection)).close()
      return state.note { $0.brokerAnswered() }
    } catch {
      return state.note { $0.brokerFailed("the broker: \(error); SPEECHBUS_START=auto would wait for it") }
    }
  }

  private func openDatabase() async -> ServiceState.Provisioning.Action {
    let (path, keyFile) = (settings.databasePath, settings.keyFile)
    do throws(StorageError) {
      let database = try await DedicatedThread.run("database-open") { _ throws(StorageError) in
        try SpeechDatabase(path: path, keyFile: keyFile)
      }
      checkKeys(of: database)
      state.set(database)
      requests.use(
        .open(
          journal(database), .failure(SpeechError(.modelUnavailable, "the model is still loading; try again soon"))))
      return state.note { $0.databaseOpened() }
    } catch {
      return state.note { $0.databaseFailed(error.message, isPermanent: error.code != .unavailable) }
    }
  }

  private func checkKeys(of database: SpeechDatabase) {
    let file: Logger.Metadata = ["file": "\(database.keyFile.path)", "key": "\(database.keyFile.ring.current.id)"]
    if database.keyFile.isOpenToAll {
      logger.warning("every user of this machine can read the key file; set its mode to 0600", metadata: file)
    }
    if !database.hasKnownKey() {
      logger.warning("the records are signed with a key that the key file does not have", metadata: file)
    }
  }

  private func downloadModel() async throws -> ServiceState.Provisioning.Action {
    let environment = settings.environment
    do {
      var configuration = try HubConfiguration(environment, repositoryID: settings.engine.repoID)
      // A file of another size may be the operator's own model.
      configuration.replacesOtherFiles = false
      let hub = ModelHub(configuration: configuration, logger: logger)
      let outcome = try await cancelWhenGracefulShutdown {
        try await hub.pull(into: settings.modelDirectory) { progress in
          state.note { $0.downloading(progress.fraction) }
        }
      }
      outcome.rememberDigest(in: settings.modelDirectory, try environment(Settings.modelCache))
      logger.info(
        "fetched the model", metadata: ["repository": "\(outcome.repositoryID)", "revision": "\(outcome.revision)"])
      return state.note { $0.downloaded() }
    } catch let error as DownloadError {
      return state.note { $0.downloadFailed("\(error)", at: .now, jitter: .random(in: 0..<1)) }
    } catch  where state.drainBegin != nil {
      return state.note { $0.stopped() }
    }
  }
}
