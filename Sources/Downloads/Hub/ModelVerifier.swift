import Foundation
import SpeechCore

/// Hashes a model's files again and reports the state of each.
public enum ModelVerifier {
  /// Compares the files in `directory` with their expected content. That is, in this order: the manifest's entry for
  /// the repository and revision of the folder's record, the record itself, and the manifest's entry for
  /// `repositoryID`. The report lists wrong and missing files.
  ///
  /// - Throws: `invalidManifest` when there is nothing to compare with or the record is damaged, `unreadable` for a
  ///   missing folder, and `cancelled`.
  public static func verify(
    directory: String, repositoryID: String = HubConfiguration.defaultRepositoryID,
    manifest: HubManifest = .published, progress: @escaping ProgressHandler = { _ in }
  ) async throws(DownloadError) -> VerificationReport {
    try await DedicatedThread.run("model-verify") { cancellation throws(DownloadError) in
      let expected = try expectation(directory, repositoryID, manifest)
      let meter = ProgressMeter(progress)
      meter.begin(
        .hashing, files: expected.files.filter { (try? FileIdentity.existing("\(directory)/\($0.name)")) != nil })
      var findings: [VerificationReport.Finding] = []
      for file in expected.files { findings.append(try finding(file, directory, meter, cancellation)) }
      meter.finish()
      return VerificationReport(
        repositoryID: expected.repositoryID, revision: expected.revision, origin: expected.origin,
        files: zip(expected.files, findings).map { .init(expected: $0, finding: $1) })
    }
  }

  private typealias Expectation = (
    repositoryID: String, revision: String, origin: VerificationReport.Origin, files: [RepositoryFile]
  )

  private static func expectation(
    _ directory: String, _ repositoryID: String, _ manifest: HubManifest
  ) throws(DownloadError) -> Expectation {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder), isFolder.boolValue else {
      throw DownloadError(.unreadable, "\(directory): there is no such folder")
    }
    let record = try ModelRecord(directory: directory)
    // The manifest is preferred: a process that changes the files may also change the record next to them. A folder
    // without a record is compared with it only if any of its files can be one of the repository's.
    if let pinned = manifest.repository(record?.repositoryID ?? repositoryID, revision: record?.revision),
      record != nil
        || pinned.files.contains(where: {
          (try? FileIdentity.existing("\(directory)/\($0.name)"))?.byteCount == $0.byteCount
        })
    {
      return (pinned.repositoryID, pinned.revision, .manifest, pinned.files)
    }
    guard let record else {
      throw DownloadError(
        .invalidManifest,
        "\(directory): nothing to check it against: it has no \(ModelRecord.fileName), and its files are not those that "
          + "a manifest pins for \(repositoryID); `speechbus model verify --record` records the files as they are now")
    }
    return (record.repositoryID, record.revision, .record, record.files)
  }

  private static func finding(
    _ file: RepositoryFile, _ directory: String, _ meter: ProgressMeter, _ cancellation: Cancellation
  ) throws(DownloadError) -> VerificationReport.Finding {
    let path = "\(directory)/\(file.name)"
    do throws(DownloadError) {
      guard let found = try FileIdentity.existing(path) else { return file.isRequired ? .missing : .absentOptional }
      guard found.byteCount == file.byteCount else { return .wrongLength(found: found.byteCount) }
      let digest = try FilePieces.digest(path, byteCount: file.byteCount, like: file.digest, cancellation) {
        meter.set(file.name, byteCount: $0)
      }
      meter.complete(file.name)
      guard let digest else { return .unreadable("changed while it was read") }
      return digest == file.digest ? .intact : .wrongDigest(found: digest.hexadecimal)
    } catch {
      guard error.code != .cancelled else { throw error }
      return .unreadable(error.message)
    }
  }
}
