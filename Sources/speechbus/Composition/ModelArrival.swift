import Foundation
import Logging
import ModelHub
import ModelStore

/// Fetches the model at a service's start when its folder lacks files. It never asks, and touches no network when the
/// files are there.
struct ModelArrival {
  let directory: String
  let environment: Environment
  let repositoryID: String?
  let health: ServiceHealth
  let logger: Logger

  /// - Throws: ``CommandFailure`` saying what lacks and what to do: the licence, the network, the disk.
  func complete() async throws {
    do throws(ModelStoreError) {
      _ = try ModelDirectory(path: directory)
      return
    } catch {
      logger.info("the model is not complete", metadata: ["reason": "\(error.message)"])
    }
    do {
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
    } catch let error as HubError {
      throw CommandFailure("\(error)")
    }
  }
}
