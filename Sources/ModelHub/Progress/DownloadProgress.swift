/// How far a pull or a check is.
public struct DownloadProgress: Sendable, Equatable {
  public enum Phase: String, Sendable {
    /// Another process holds the folder.
    case waiting
    /// Asking the hub what there is.
    case asking
    /// Hashing what is on disk.
    case hashing
    case downloading
    case finished
  }

  public var phase: Phase
  /// The file that moved last; empty before any did.
  public var file: String
  /// Over all files, with what earlier runs brought.
  public var completedByteCount: Int
  public var totalByteCount: Int
  public var completedFileCount: Int
  public var fileCount: Int

  public init(
    phase: Phase, file: String = "", completedByteCount: Int = 0, totalByteCount: Int = 0,
    completedFileCount: Int = 0, fileCount: Int = 0
  ) {
    self.phase = phase
    self.file = file
    self.completedByteCount = completedByteCount
    self.totalByteCount = totalByteCount
    self.completedFileCount = completedFileCount
    self.fileCount = fileCount
  }

  /// In 0...1; nil while the total is unknown.
  public var fraction: Double? {
    totalByteCount > 0 ? min(Double(completedByteCount) / Double(totalByteCount), 1) : nil
  }
}

/// Receives progress, a few times a second, one call at a time. It must return soon.
public typealias ProgressHandler = @Sendable (DownloadProgress) -> Void
