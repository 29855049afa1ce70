/// What is in the folder, as far as a pull cares.
enum LocalModel {
  /// Under which weights are published, or stored by those who train.
  static let weightsNames = ["model.pth", "model.safetensors", "best_model.pth"]
  /// Small files that a model can't do without.
  static let requiredNames = ["config.json", "vocab.json"]
  static let optionalNames = ["speakers_xtts.pth", "LICENSE.txt"]

  /// The revision of a model that is complete in `directory`; nil when files are to be fetched. Hashes files only where
  /// `existing` asks for it.
  static func completeRevision(
    _ source: ModelHub.Source, _ directory: String, existing: HubConfiguration.ExistingFiles, _ meter: ProgressMeter
  ) async throws(HubError) -> String? {
    guard let files = try knownFiles(source, directory) else {
      // No digests to compare with: a model that somebody put there.
      return try missingNames(source, directory).isEmpty ? source.reference.revision : nil
    }
    let present = try await present(files.files, directory, hashing: existing == .replaceWrongDigest, meter)
    let plan = try DownloadPlan(
      files: files.files, present: present, existing: existing, directory: directory)
    return plan.isComplete ? files.revision : nil
  }

  /// The files that are known without asking: pinned, or recorded by an earlier pull of the same revision.
  private static func knownFiles(
    _ source: ModelHub.Source, _ directory: String
  ) throws(HubError) -> (files: [WantedFile], revision: String)? {
    switch source {
    case .pinned(let pinned, _): return (pinned.wantedFiles, pinned.revision)
    case .announced(let reference):
      guard let record = try ModelRecord(directory: directory), record.repositoryID == reference.repositoryID,
        record.requestedRevision == reference.revision || record.revision == reference.revision
      else { return nil }
      return (record.files, record.revision)
    }
  }

  /// The files of `files` that are there, hashed if asked for.
  static func present(
    _ files: [WantedFile], _ directory: String, hashing: Bool, _ meter: ProgressMeter
  ) async throws(HubError) -> [String: LocalFile] {
    var present = try LocalFile.inspect(directory, files.map(\.name))
    guard hashing else { return present }
    meter.begin(.hashing, files: files.filter { present[$0.name] != nil })
    for file in files where present[file.name]?.byteCount == file.byteCount {
      let outcome = try await BlockingWork.run { isCancelled throws(HubError) in
        try FileHash.outcome(
          DiskFile.path(directory, file.name), byteCount: file.byteCount, expected: file.digest,
          isCancelled: isCancelled
        ) { meter.set(file.name, byteCount: $0) }
      }
      present[file.name]?.matchesDigest = outcome?.matches == true
      meter.complete(file.name)
    }
    return present
  }

  /// What a model needs and `directory` lacks.
  static func missingNames(_ source: ModelHub.Source, _ directory: String) throws(HubError) -> [String] {
    if case .pinned(let pinned, _) = source {
      let required = pinned.wantedFiles.filter(\.isRequired)
      let present = try LocalFile.inspect(directory, required.map(\.name))
      return required.filter { present[$0.name]?.byteCount != $0.byteCount }.map(\.name)
    }
    let present = try LocalFile.inspect(directory, requiredNames + weightsNames).filter { $0.value.byteCount > 0 }
    var missing = requiredNames.filter { present[$0] == nil }
    if !weightsNames.contains(where: { present[$0] != nil }) { missing.append(weightsNames[0]) }
    return missing
  }
}
