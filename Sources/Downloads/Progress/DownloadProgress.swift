/// The progress of a pull or a check.
public struct DownloadProgress: Sendable, Equatable {
  enum Phase: String, Sendable {
    /// `waiting`: another process holds the folder's lock. `asking`: the file list is requested from the hub.
    /// `hashing`: files on disk are read.
    case waiting, asking, hashing, downloading, finished
  }

  var phase: Phase
  /// The file with the latest progress; empty at first.
  var file = ""
  /// Bytes of all files, including the results of earlier runs.
  var completedByteCount = 0
  var totalByteCount = 0
  var completedFileCount = 0
  var fileCount = 0

  /// The completed fraction, 0 to 1; nil while the total is unknown.
  public var fraction: Double? {
    totalByteCount > 0 ? min(Double(completedByteCount) / Double(totalByteCount), 1) : nil
  }
}

/// Receives progress a few times per second, one call at a time. It must return quickly.
public typealias ProgressHandler = @Sendable (DownloadProgress) -> Void

/// Sums the progress of files that are processed one after the other, and reports it at limited intervals.
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

  /// Starts a phase that covers these files.
  func begin(_ phase: DownloadProgress.Phase, files: [RepositoryFile] = []) {
    progress = DownloadProgress(
      phase: phase, totalByteCount: files.reduce(0) { $0 + $1.byteCount }, fileCount: files.count)
    earlierByteCount = 0
    report()
  }

  /// Sets the bytes of the current file so far. They decrease when the file starts over.
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
