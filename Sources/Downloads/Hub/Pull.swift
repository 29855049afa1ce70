import Foundation
import Logging
import SpeechCore

/// One pull into one folder. It blocks its thread.
struct Pull {
  private let hub: ModelHub
  private let configuration: HubConfiguration
  private let directory: String
  private let cancellation: Cancellation
  private let meter: ProgressMeter
  /// The manifest's entry; nil for a repository that is not pinned and is described by the hub's file list only.
  private let pinned: HubManifest.Repository?
  private let reference: RepositoryReference

  init(
    _ hub: ModelHub, into directory: String, _ cancellation: Cancellation, _ meter: ProgressMeter
  ) throws(DownloadError) {
    self.hub = hub
    configuration = hub.configuration
    self.directory = directory
    self.cancellation = cancellation
    self.meter = meter
    pinned = configuration.manifest.repository(configuration.repositoryID, revision: configuration.revision)
    reference = try RepositoryReference(
      repositoryID: configuration.repositoryID, revision: pinned?.revision ?? configuration.revision ?? "main")
  }

  func run() throws(DownloadError) -> ModelHub.Outcome {
    if let outcome = try completeOutcome() { return outcome }
    try checkAllowed()
    try makeFolder()
    let lock = try FolderLock.acquire(directory, timeout: configuration.lockTimeout, cancellation) {
      hub.logger.notice("another process is pulling into this folder; waiting", metadata: ["folder": "\(directory)"])
      meter.begin(.waiting)
    }
    defer { lock.release() }
    // The previous holder of the lock may have fetched everything.
    if let outcome = try completeOutcome() { return outcome }
    return try fetch()
  }

  // MARK: - The files in the folder

  /// The outcome when the model is complete, else nil. It makes no network request and hashes no files.
  private func completeOutcome() throws(DownloadError) -> ModelHub.Outcome? {
    var revision = reference.revision
    if let known = try knownFiles() {
      guard try plan(known.files, hashing: false).isComplete else { return nil }
      revision = known.revision
    } else {
      // The user put this model into the folder: there are no digests to compare with.
      guard try missingNames().isEmpty else { return nil }
    }
    meter.finish()
    return ModelHub.Outcome(repositoryID: reference.repositoryID, revision: revision)
  }

  /// The files that are known without a request: pinned, or recorded by an earlier pull of the same revision.
  private func knownFiles() throws(DownloadError) -> (files: [RepositoryFile], revision: String)? {
    if let pinned { return (pinned.files.filter(\.isPulled), pinned.revision) }
    guard let record = try ModelRecord(directory: directory), record.repositoryID == reference.repositoryID,
      [record.requestedRevision, record.revision].contains(reference.revision)
    else { return nil }
    return (record.files, record.revision)
  }

  private func plan(_ files: [RepositoryFile], hashing: Bool) throws(DownloadError) -> DownloadPlan {
    var present: [String: DownloadPlan.Present] = [:]
    for file in files {
      present[file.name] = try FileIdentity.existing(path(file.name)).map { .init(byteCount: $0.byteCount) }
    }
    if hashing {
      meter.begin(.hashing, files: files.filter { present[$0.name] != nil })
      for file in files where present[file.name]?.byteCount == file.byteCount {
        let found = try digest(of: file, like: file.digest) { meter.set(file.name, byteCount: $0) }
        present[file.name]?.matchesDigest = found == file.digest
        meter.complete(file.name)
      }
    }
    return try DownloadPlan(
      files: files, present: present, replacesOtherFiles: configuration.replacesOtherFiles, directory: directory)
  }

  /// The names of required files that are missing from the folder.
  private func missingNames() throws(DownloadError) -> [String] {
    if let pinned {
      var missing: [String] = []
      for file in pinned.files where file.isRequired {
        if try FileIdentity.existing(path(file.name))?.byteCount != file.byteCount { missing.append(file.name) }
      }
      return missing
    }
    func isThere(_ name: String) throws(DownloadError) -> Bool {
      try FileIdentity.existing(path(name)).map { $0.byteCount > 0 } ?? false
    }
    var missing: [String] = []
    for name in ModelDirectory.requiredNames where try !isThere(name) { missing.append(name) }
    for name in ModelDirectory.weightsNames where try isThere(name) { return missing }
    return missing + [ModelDirectory.weightsNames[0]]
  }

  /// Checks the settings that forbid a download (offline, licence) before any file is created.
  private func checkAllowed() throws(DownloadError) {
    guard !configuration.isOffline else {
      let missing = try missingNames().joined(separator: ", ")
      throw DownloadError(
        .offline,
        "\(directory): \(missing) of \(reference.repositoryID) missing, and HF_HUB_OFFLINE forbids fetching; unset it or "
          + "copy the files there")
    }
    // A repository that is not pinned is assumed to hold an XTTS model, so the same licence applies.
    let licence = pinned?.licence ?? Self.coquiPublicModelLicence
    guard licence != Self.coquiPublicModelLicence || configuration.hasAgreedToLicence else {
      throw DownloadError(
        .licenceNotAgreed,
        """
        \(reference.repositoryID): the Coqui Public Model License 1.0.0 allows only non-commercial use of the model and \
        its speech; read it at https://coqui.ai/cpml.txt or in the repository's LICENSE.txt; if you agree, set \
        COQUI_TOS_AGREED=1
        """)
    }
  }

  /// The hub's name of the licence.
  private static let coquiPublicModelLicence = "coqui-public-model-license"

  private func makeFolder() throws(DownloadError) {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let reason = underlying.map { ": " + String(cString: strerror(Int32(truncatingIfNeeded: $0.code))) } ?? ""
      throw DownloadError(.unwritable, "\(directory): making the folder failed\(reason)")
    }
  }

  private func path(_ name: String) -> String { "\(directory)/\(name)" }

  // MARK: - Fetching

  /// Fetches the missing files. The caller holds the folder's lock.
  private func fetch() throws(DownloadError) -> ModelHub.Outcome {
    let session = try session()
    meter.begin(.asking)
    var (files, revision) = (pinned?.files.filter(\.isPulled) ?? [], reference.revision)
    if pinned == nil {
      let listing = try session.retrying(reference.repositoryID) { try HubListing(reference, session) }
      (files, revision) = (listing.files, listing.revision)
    }
    // All files come from one commit, even if the branch moves meanwhile.
    let source = try RepositoryReference(repositoryID: reference.repositoryID, revision: revision)
    // Files that are not pinned are always hashed, because the record needs their SHA-256.
    let plan = try plan(files, hashing: pinned == nil)
    PartFile.removeStale(files, in: directory)
    try checkSpace(plan)
    hub.logger.info(
      "fetching a model",
      metadata: [
        "repo": "\(source.repositoryID)", "revision": "\(revision)",
        "files": "\(plan.fetch.map(\.name).joined(separator: " "))",
      ])
    meter.begin(.downloading, files: plan.fetch)
    for file in plan.fetch {
      let address = source.address(of: file.name, at: configuration.endpoint)
      try FileDownload(file: file, address: address, directory: directory, session: session, meter: meter).run()
    }
    let recorded = try recorded(files)
    try ModelRecord(
      repositoryID: source.repositoryID, revision: revision, requestedRevision: reference.revision, files: recorded
    ).write(into: directory)
    meter.finish()
    let fetched = Set(plan.fetch.map(\.name))
    return ModelHub.Outcome(
      repositoryID: source.repositoryID, revision: revision,
      sha256: Dictionary(
        uniqueKeysWithValues: recorded.filter { fetched.contains($0.name) }.map { ($0.name, $0.digest.hexadecimal) }))
  }

  private func session() throws(DownloadError) -> HubSession {
    if let file = configuration.certificateAuthorityFile, !FileManager.default.isReadableFile(atPath: file) {
      throw DownloadError(.tlsFailure, "SSL_CERT_FILE is \(file.excerpt()), which can't be read")
    }
    let (hub, cancellation) = (hub, cancellation)
    let pause = { (delay: Duration) -> Bool in
      guard let pause = hub.pause else { return cancellation.sleep(for: delay) }
      pause(delay)
      return !cancellation.isCancelled
    }
    return HubSession(
      configuration: configuration, cancellation: cancellation, pause: pause, logger: hub.logger)
  }

  private func checkSpace(_ plan: DownloadPlan) throws(DownloadError) {
    var parts: [String: Int] = [:]
    for file in plan.fetch { parts[file.name] = try FileIdentity.existing(path(file.partName))?.byteCount }
    try FreeSpace.check(
      remaining: plan.remainingByteCount(parts: parts), available: hub.availableByteCount(directory),
      directory: directory)
  }

  /// The files with their SHA-256. It is computed for files of which only git's digest is known.
  private func recorded(_ files: [RepositoryFile]) throws(DownloadError) -> [RepositoryFile] {
    var recorded: [RepositoryFile] = []
    for file in files {
      var digest: ContentDigest? = file.digest
      if case .gitBlobSHA1 = file.digest { digest = try self.digest(of: file, like: .sha256("")) }
      guard let digest else { continue }
      recorded.append(
        RepositoryFile(name: file.name, byteCount: file.byteCount, digest: digest, isRequired: file.isRequired))
    }
    return recorded
  }

  private func digest(
    of file: RepositoryFile, like expected: ContentDigest, progress: (Int) -> Void = { _ in }
  ) throws(DownloadError) -> ContentDigest? {
    try FilePieces.digest(
      path(file.name), byteCount: file.byteCount, like: expected, cancellation, progress: progress)
  }
}
