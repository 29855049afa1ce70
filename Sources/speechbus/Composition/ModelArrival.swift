import Downloads
import Foundation
import Logging
import ServiceLifecycle

/// Brings the model to a service's start: fetches it when its folder lacks files, and has it loaded. It never asks, and
/// touches no network when the files are there. A start that waits calls it again and again: what lacks is told once,
/// and the hub is asked, and the same files are loaded, less and less often.
actor ModelArrival {
  private let directory: String
  private let environment: Environment
  private let repositoryID: String?
  private let health: ServiceHealth
  private let logger: Logger
  private let now: @Sendable () -> ContinuousClock.Instant
  private var told = LastReason()
  private var hub = Failed()
  private var loading = Failed()
  /// Of the files that did not load.
  private var unusable: [FileIdentity?]?

  private struct Failed {
    var failure: CommandFailure?
    var patience = Patience()

    mutating func note(_ failure: CommandFailure, at now: ContinuousClock.Instant) {
      self.failure = failure
      patience.noteFailure(at: now)
    }

    /// - Throws: the last failure, while it is too early to try again.
    func check(at now: ContinuousClock.Instant) throws(CommandFailure) {
      if let failure, !patience.mayTry(at: now) { throw failure }
    }
  }

  init(
    directory: String, environment: Environment, repositoryID: String?, health: ServiceHealth, logger: Logger,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.directory = directory
    self.environment = environment
    self.repositoryID = repositoryID
    self.health = health
    self.logger = logger
    self.now = now
  }

  /// What `load` makes of the model's files, fetched before where they lack.
  /// - Throws: ``CommandFailure`` saying what lacks and what to do: the licence, the network, the disk, another model.
  ///   Before it is time to try again, the last one.
  func complete<Loaded: Sendable>(
    _ load: @Sendable (ModelDirectory) async throws -> Loaded
  ) async throws -> Loaded {
    let found = try await find()
    let identities = found.identities
    if identities == unusable { try loading.check(at: now()) } else { loading = Failed() }
    health.set(.loading)
    do {
      return try await load(found)
    } catch let failure as CommandFailure {
      unusable = identities
      loading.note(failure, at: now())
      health.set(.unusable)
      throw failure
    }
  }

  private func find() async throws -> ModelDirectory {
    do throws(DownloadError) {
      return try ModelDirectory(path: directory)
    } catch {
      if told.isNew(error.message) {
        logger.info("the model is not complete", metadata: ["reason": "\(error.message)"])
      }
      health.set(.missing)
    }
    try hub.check(at: now())
    do {
      try await cancelWhenGracefulShutdown { try await self.fetch() }
      return try ModelDirectory(path: directory)
    } catch let error as DownloadError {
      health.set(.missing)
      let failure = CommandFailure("\(error)")
      hub.note(failure, at: now())
      throw failure
    }
  }

  private func fetch() async throws {
    var configuration = try HubConfiguration(environment, repositoryID: repositoryID)
    // A file of another size may be the operator's own model.
    configuration.replacesOtherFiles = false
    let health = health
    let outcome = try await ModelHub(configuration: configuration, logger: logger).pull(into: directory) { progress in
      health.set(.downloading)
      health.set(progress: progress.fraction)
    }
    outcome.rememberDigest(in: directory, try environment(Settings.modelCache))
    logger.info(
      "fetched the model", metadata: ["repository": "\(outcome.repositoryID)", "revision": "\(outcome.revision)"])
  }
}
