import Foundation
import HTTPAdapter
import Logging
import SQLiteStorage
import ServiceLifecycle
import SpeechCore
import Synchronization

/// Opens the database before anything else starts. While it has to be waited for, the web adapter tells so under
/// `/health`.
final class DatabaseOpening: Service {
  private let path: String
  private let opener: PartOpener
  private let health: ServiceHealth
  private let result = Mutex<SpeechDatabase?>(nil)

  private init(path: String, opener: PartOpener, health: ServiceHealth) {
    self.path = path
    self.opener = opener
    self.health = health
  }

  /// - Returns: nil when a signal ended the wait.
  /// - Throws: ``CommandFailure``: what is wrong with the file.
  static func open(
    _ path: String, policy: StartPolicy, health: ServiceHealth, configuration: HTTPConfiguration, logger: Logger
  ) async throws -> SpeechDatabase? {
    do {
      return try attempt(path)
    } catch let error as UnusableDatabase {
      throw CommandFailure(error.message)
    } catch is CommandFailure where policy.waits(for: .database) {
      // Below, with the web adapter up.
      health.set(database: .missing)
    }
    let opening = DatabaseOpening(path: path, opener: PartOpener(policy: policy, logger: logger), health: health)
    let server = SpeechHTTPServer(
      configuration: configuration,
      ports: .init(requests: NothingYet(), health: health, audit: nil, clips: nil, metrics: { "" }),
      logger: logger)
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: server.application { logger.info("listening", metadata: ["port": "\($0)"]) }),
          .init(service: opening, successTerminationBehavior: .gracefullyShutdownGroup),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await group.run()
    } catch let error as UnusableDatabase {
      throw CommandFailure(error.message)
    }
    return opening.result.withLock { $0 }
  }

  func run() async throws {
    let (path, health) = (path, health)
    let database = try await opener.open(.database, isMissing: { health.set(database: .missing) }) {
      try Self.attempt(path)
    }
    health.set(database: .open)
    result.withLock { $0 = database }
  }

  private static func attempt(_ path: String) throws -> SpeechDatabase {
    do throws(StorageError) {
      return try SpeechDatabase(path: path)
    } catch {
      // A file that is there and wrong does not mend itself.
      guard error.code == .unavailable else { throw UnusableDatabase(message: error.message) }
      throw CommandFailure(error.message)
    }
  }
}

/// A database file that no waiting helps with.
struct UnusableDatabase: Error {
  var message: String
}

/// Answers everything with `model_unavailable`: without a database nothing is put on record, so nothing is done.
private struct NothingYet: SpeechRequestHandler {
  private static let error = SpeechError(.modelUnavailable, "the service waits for its database; try again soon")

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply { throw Self.error }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary { throw Self.error }

  func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) { throw Self.error }
  func voices() async throws(SpeechError) -> [VoiceSummary] { throw Self.error }
  func configuration() async throws(SpeechError) -> ServiceConfiguration { throw Self.error }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {}
}
