import Foundation
import Logging
import ModelHub
import ModelStore

/// Fetches the model at a service's start when its folder lacks files. It never asks, and touches no network when the
/// files are there. A start that waits calls it again and again: what lacks is told once, and the hub is asked less and
/// less often.
actor ModelArrival {
  private let directory: String
  private let environment: Environment
  private let repositoryID: String?
  private let health: ServiceHealth
  private let logger: Logger
  private let now: @Sendable () -> ContinuousClock.Instant
  private var patience = HubPatience()
  private var told = ""
  private var lastFailure: CommandFailure?

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

  /// Returns with the files there and the model `loading`.
  /// - Throws: ``CommandFailure`` saying what lacks and what to do: the licence, the network, the disk. Before the hub
  ///   is to be asked again, the last answer's.
  func complete() async throws {
    do throws(ModelStoreError) {
      _ = try ModelDirectory(path: directory)
      health.set(.loading)
      return
    } catch {
      if error.message != told {
        told = error.message
        logger.info("the model is not complete", metadata: ["reason": "\(told)"])
      }
    }
    if let lastFailure, !patience.mayAsk(at: now()) { throw lastFailure }
    do {
      try await fetch()
    } catch let error as HubError {
      let failure = CommandFailure("\(error)")
      lastFailure = failure
      patience.noteFailure(at: now())
      throw failure
    }
  }

  private func fetch() async throws {
    var configuration = try HubConfiguration(environment, repositoryID: repositoryID)
    // A file of another size may be the operator's own model.
    configuration.existingFiles = .keep
    let health = health
    let outcome = try await ModelHub(configuration: configuration, logger: logger).pull(into: directory) { progress in
      health.set(.downloading)
      health.set(progress: progress.fraction)
    }
    health.set(.loading)
    logger.info(
      "fetched the model", metadata: ["repository": "\(outcome.repositoryID)", "revision": "\(outcome.revision)"])
  }
}
