/// How far a pull or a check is.
public struct DownloadProgress: Sendable, Equatable {
  public enum Phase: String, Sendable {
    /// `waiting`: another process holds the folder. `asking`: the hub is asked what there is. `hashing`: files on disk
    /// are read.
    case waiting, asking, hashing, downloading, finished
  }

  public var phase: Phase
  /// The file that moved last; empty before any did.
  public var file = ""
  /// Over all files, with what earlier runs brought.
  public var completedByteCount = 0
  public var totalByteCount = 0
  public var completedFileCount = 0
  public var fileCount = 0

  /// In 0...1; nil while the total is unknown.
  public var fraction: Double? {
    totalByteCount > 0 ? min(Double(completedByteCount) / Double(totalByteCount), 1) : nil
  }
}

/// Receives progress, a few times a second, one call at a time. It must return soon.
public typealias ProgressHandler = @Sendable (DownloadProgress) -> Void

/// Adds up files that are worked on one after the other, and passes the progress on, not too often.
final class ProgressMeter {
  private let handler: ProgressHandler
  private let interval: Duration
  private var progress = DownloadProgress(phase: .asking)
  private var lastReport: ContinuousClock.Instant?
  /// Bytes of the files before the current one.
  private var earlierByteCount = 0

  init(interval: Duration = .milliseconds(100), _ handler: @escaping ProgressHandler) {
    self.handler = handler
    self.interval = interval
  }

  /// Starts a phase over these files.
  func begin(_ phase: DownloadProgress.Phase, files: [RepositoryFile] = []) {
    progress = DownloadProgress(
      phase: phase, totalByteCount: files.reduce(0) { $0 + $1.byteCount }, fileCount: files.count)
    earlierByteCount = 0
    report()
  }

  /// What there is of a file now; less than before after starting over.
  func set(_ file: String, byteCount: Int) {
    if file != progress.file { (progress.file, earlierByteCount) = (file, progress.completedByteCount) }
    progress.completedByteCount = earlierByteCount + byteCount
    if lastReport.map({ .now - $0 >= interval }) != false { report() }
  }

  func complete(_ file: String) {
    progress.file = file
    progress.completedFileCount += 1
    report()
  }

  func finish() {
    progress.phase = .finished
    report()
  }

  private func report() {
    lastReport = .now
    handler(progress)
  }
}
