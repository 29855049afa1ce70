import Foundation
import Logging

/// Brings a model from Hugging Face's hub, or a server that speaks its protocol, into a folder: in parallel, resumed
/// where an earlier pull ended, checked against digests, and under its final names only when right.
public struct ModelHub: Sendable {
  let configuration: HubConfiguration
  let logger: Logger
  /// Waits before another attempt; tests don't.
  var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  /// Bytes available to a folder.
  var availableByteCount: @Sendable (String) -> Int? = FreeSpace.available

  /// Between two reports of progress.
  var progressInterval: Duration = .milliseconds(100)

  public init(configuration: HubConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// What a pull did.
  public struct Outcome: Sendable, Equatable {
    public let repositoryID: String
    public let revision: String
    /// Names of the files that were fetched; empty when everything was there, and then nothing was asked of the
    /// network.
    public let fetched: [String]
    /// Of the files that were fetched, by name, as computed while they came.
    public var sha256: [String: String] = [:]
  }

  /// Makes the model in `directory` complete. It touches no network when it is, and never asks the user anything.
  /// Throws ``HubError``; what could be continued is kept for the next pull.
  @discardableResult
  public func pull(into directory: String, progress: @escaping ProgressHandler = { _ in }) async throws(HubError)
    -> Outcome
  {
    let meter = ProgressMeter(interval: progressInterval, progress)
    let source = try source()
    if let outcome = try await completeOutcome(source, directory, meter) { return outcome }
    try checkAllowed(source, directory)
    try await BlockingWork.run { _ throws(HubError) in try DiskFile.makeFolder(directory) }
    let lock = try await FolderLock.acquire(directory, patience: configuration.timeouts.lock) {
      logger.notice("another process is pulling into this folder; waiting", metadata: ["folder": "\(directory)"])
      meter.begin(.waiting)
    }
    defer { lock.release() }
    // Whom we waited for may have done it all.
    if let outcome = try await completeOutcome(source, directory, meter) { return outcome }
    let client = try HubClient(configuration)
    let result: Result<Outcome, HubError>
    do throws(HubError) {
      result = .success(try await fetch(source, directory, client, meter))
    } catch {
      result = .failure(error)
    }
    await client.shutdown()
    return try result.get()
  }

  /// Where the list of files comes from.
  enum Source: Sendable {
    /// The manifest pins them.
    case pinned(HubManifest.Repository, RepositoryReference)
    /// The hub announces them.
    case announced(RepositoryReference)

    var reference: RepositoryReference {
      switch self {
      case .pinned(_, let reference), .announced(let reference): reference
      }
    }
  }

  private func source() throws(HubError) -> Source {
    if let pinned = configuration.manifest.repository(configuration.repositoryID, revision: configuration.revision) {
      return .pinned(
        pinned, try RepositoryReference(repositoryID: pinned.repositoryID, revision: pinned.revision))
    }
    return .announced(
      try RepositoryReference(
        repositoryID: configuration.repositoryID, revision: configuration.revision ?? "main"))
  }

  /// Refuses what the settings forbid, before anything is created.
  private func checkAllowed(_ source: Source, _ directory: String) throws(HubError) {
    let reference = source.reference
    guard !configuration.isOffline else {
      let lacking = try LocalModel.missingNames(source, directory).joined(separator: ", ")
      throw HubError(
        .offline,
        "\(directory): lacks \(lacking) of \(reference.repositoryID), and HF_HUB_OFFLINE forbids to fetch; unset it or "
          + "copy the files there")
    }
    var licence: String?
    if case .pinned(let pinned, _) = source { licence = pinned.licence }
    try LicenceGate.check(
      licence: licence, repositoryID: reference.repositoryID, hasAgreed: configuration.hasAgreedToLicence)
  }

  /// The outcome when nothing is to be fetched.
  private func completeOutcome(
    _ source: Source, _ directory: String, _ meter: ProgressMeter
  ) async throws(HubError) -> Outcome? {
    guard
      let revision = try await LocalModel.completeRevision(
        source, directory, existing: configuration.existingFiles, meter)
    else { return nil }
    meter.finish()
    return Outcome(repositoryID: source.reference.repositoryID, revision: revision, fetched: [])
  }
}
