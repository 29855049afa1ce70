import Foundation

extension ModelHub {
  /// Fetches what lacks, with the folder locked.
  func fetch(
    _ source: Source, _ directory: String, _ client: HubClient, _ meter: ProgressMeter
  ) async throws(HubError) -> Outcome {
    meter.begin(.asking)
    let (files, reference) = try await wanted(source, client)
    // Files that only the hub's word describes are hashed: their size alone says little, and the record needs it.
    var mustHash = configuration.existingFiles == .replaceWrongDigest
    if case .announced = source { mustHash = true }
    let present = try await LocalModel.present(files, directory, hashing: mustHash, meter)
    let plan = try DownloadPlan(
      files: files, present: present, existing: configuration.existingFiles, directory: directory)
    PartFile.removeStale(files, in: directory)
    try checkSpace(plan, directory)
    logger.info(
      "fetching a model",
      metadata: [
        "repo": "\(reference.repositoryID)", "revision": "\(reference.revision)",
        "files": "\(plan.fetch.map(\.name).joined(separator: " "))",
      ])
    meter.begin(.downloading, files: plan.fetch)
    let fetched = try await download(plan, reference, directory, client, meter)
    var digests = fetched
    for file in plan.keep { digests[file.name] = try await sha256(of: file, in: directory) }
    try record(files, digests, reference, source.reference.revision, directory)
    meter.finish()
    return Outcome(
      repositoryID: reference.repositoryID, revision: reference.revision, fetched: plan.fetch.map(\.name).sorted(),
      sha256: fetched)
  }

  private func wanted(
    _ source: Source, _ client: HubClient
  ) async throws(HubError) -> (files: [WantedFile], reference: RepositoryReference) {
    switch source {
    case .pinned(let pinned, let reference): return (pinned.wantedFiles, reference)
    case .announced(let reference):
      let repository = AnnouncedRepository(
        reference: reference, client: client, configuration: configuration, pause: pause, logger: logger)
      let listing = try await repository.listing()
      return (
        listing.files,
        try RepositoryReference(repositoryID: reference.repositoryID, revision: listing.revision)
      )
    }
  }

  private func checkSpace(_ plan: DownloadPlan, _ directory: String) throws(HubError) {
    var parts: [String: Int] = [:]
    for file in plan.fetch {
      parts[file.name] = try LocalFile.status(DiskFile.path(directory, file.partName))?.byteCount
    }
    try FreeSpace.check(
      remaining: plan.remainingByteCount(parts: parts), available: availableByteCount(directory), directory: directory)
  }

  /// Fetches the plan's files, a few at a time; the first error stops the others. Returns SHA-256 by name.
  private func download(
    _ plan: DownloadPlan, _ reference: RepositoryReference, _ directory: String, _ client: HubClient,
    _ meter: ProgressMeter
  ) async throws(HubError) -> [String: String] {
    do {
      return try await withThrowingTaskGroup(of: (String, String).self) { group in
        var digests: [String: String] = [:]
        for (index, file) in plan.fetch.enumerated() {
          if index >= max(configuration.parallelDownloads, 1), let done = try await group.next() {
            digests[done.0] = done.1
          }
          let download = FileDownload(
            file: file, address: try reference.address(of: file.name, at: configuration.endpoint),
            directory: directory, client: client, configuration: configuration, pause: pause, meter: meter,
            logger: logger)
          group.addTask { (file.name, try await download.run()) }
        }
        for try await (name, sha256) in group { digests[name] = sha256 }
        return digests
      }
    } catch let error as HubError {
      throw error
    } catch {
      throw HubError(.cancelled, "\(directory): the download was cancelled")
    }
  }

  /// The SHA-256 of a file that stays: the expected one, or counted where git's digest is all that is known.
  private func sha256(of file: WantedFile, in directory: String) async throws(HubError) -> String? {
    if case .sha256(let digest) = file.digest { return digest }
    return try await BlockingWork.run { isCancelled throws(HubError) in
      try FileHash.outcome(
        DiskFile.path(directory, file.name), byteCount: file.byteCount, expected: file.digest,
        isCancelled: isCancelled, progress: { _ in })?.sha256
    }
  }

  private func record(
    _ files: [WantedFile], _ digests: [String: String], _ reference: RepositoryReference, _ requestedRevision: String,
    _ directory: String
  ) throws(HubError) {
    let recorded = files.compactMap { file in
      digests[file.name].map {
        WantedFile(name: file.name, byteCount: file.byteCount, digest: .sha256($0), isRequired: file.isRequired)
      }
    }
    let record = ModelRecord(
      repositoryID: reference.repositoryID, revision: reference.revision, requestedRevision: requestedRevision,
      files: recorded)
    try DiskFile.write(try record.json(), directory, ModelRecord.fileName)
  }
}
