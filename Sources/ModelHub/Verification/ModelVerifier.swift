/// Hashes a model's files again and says what is wrong with each.
public enum ModelVerifier {
  /// Compares the files in `directory` with what they must be: as pinned for the repository and revision that the
  /// folder's record names, else by that record itself, else as `manifest` pins `repositoryID`. Throws
  /// `invalidManifest` when there is nothing to compare with or the record is damaged, `unreadable` for a folder that
  /// isn't there, and `cancelled`; what is wrong with files is in the report.
  public static func verify(
    directory: String, repositoryID: String = HubConfiguration.defaultRepositoryID,
    manifest: HubManifest = .published, progress: @escaping ProgressHandler = { _ in }
  ) async throws(HubError) -> VerificationReport {
    guard DiskFile.isFolder(directory) else { throw HubError(.unreadable, "\(directory): there is no such folder") }
    let expectation = try expectation(directory, repositoryID, manifest)
    let meter = ProgressMeter(progress)
    let present = expectation.files.filter { (try? LocalFile.status(DiskFile.path(directory, $0.name))) != nil }
    meter.begin(.hashing, files: present)
    var files: [VerificationReport.File] = []
    for file in expectation.files {
      let finding = try await finding(file, directory, meter)
      files.append(.init(expected: file, finding: finding))
    }
    meter.finish()
    return VerificationReport(
      repositoryID: expectation.repositoryID, revision: expectation.revision, origin: expectation.origin, files: files)
  }

  private struct Expectation {
    let repositoryID: String
    let revision: String
    let origin: VerificationReport.Origin
    let files: [WantedFile]
  }

  private static func expectation(
    _ directory: String, _ repositoryID: String, _ manifest: HubManifest
  ) throws(HubError) -> Expectation {
    let record = try ModelRecord(directory: directory)
    // The manifest is the better witness: whoever changes the files may change the record beside them.
    let pinned = manifest.repository(record?.repositoryID ?? repositoryID, revision: record?.revision)
    if let pinned {
      return Expectation(
        repositoryID: pinned.repositoryID, revision: pinned.revision, origin: .manifest,
        files: pinned.files.map(\.wanted))
    }
    guard let record else {
      throw HubError(
        .invalidManifest,
        "\(directory): nothing to check it against: it has no \(ModelRecord.fileName), which a pull leaves, and no "
          + "manifest pins \(repositoryID)")
    }
    return Expectation(
      repositoryID: record.repositoryID, revision: record.revision, origin: .record, files: record.files)
  }

  private static func finding(
    _ file: WantedFile, _ directory: String, _ meter: ProgressMeter
  ) async throws(HubError) -> VerificationReport.Finding {
    let path = DiskFile.path(directory, file.name)
    do throws(HubError) {
      guard let local = try LocalFile.status(path) else { return file.isRequired ? .missing : .absentOptional }
      guard local.byteCount == file.byteCount else { return .wrongLength(found: local.byteCount) }
      let outcome = try await BlockingWork.run { isCancelled throws(HubError) in
        try FileHash.outcome(
          path, byteCount: file.byteCount, expected: file.digest, isCancelled: isCancelled
        ) { meter.set(file.name, byteCount: $0) }
      }
      meter.complete(file.name)
      guard let outcome else { return .unreadable("changed while it was read") }
      return outcome.matches ? .intact : .wrongDigest(found: outcome.sha256)
    } catch {
      guard error.code != .cancelled else { throw error }
      return .unreadable(error.message)
    }
  }
}
