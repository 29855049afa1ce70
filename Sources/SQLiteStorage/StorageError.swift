import GRDB
import SpeechCore

/// Errors of the database file.
public typealias StorageError = CodedError<StorageErrorCode>

/// The reasons for a ``StorageError``.
public enum StorageErrorCode: String, Sendable {
  /// The file can't be opened, created or written.
  case unavailable
  /// A newer version of the service has written the file.
  case newerVersion
  /// The file is a database of another program, or no database.
  case foreignFile
  /// Its content does not check out.
  case damaged
  /// The audit chain does not verify.
  case brokenChain
}

extension StorageError {
  /// Names what SQLite found, never the content of a statement.
  static func from(_ error: any Error, path: String) -> StorageError {
    if let error = error as? SpeechError { return StorageError(.unavailable, error.message) }
    guard let error = error as? DatabaseError else {
      return (error as? StorageError) ?? StorageError(.unavailable, "database \(path): \(error)")
    }
    switch error.resultCode {
    case .SQLITE_NOTADB: return StorageError(.foreignFile, "\(path) is not an SQLite database; it is left as it is")
    case .SQLITE_CORRUPT:
      return StorageError(.damaged, "database \(path) is damaged; restore it from a backup, it is left as it is")
    default: return StorageError(.unavailable, "database \(path): \(error.message ?? error.resultCode.description)")
    }
  }
}

extension SpeechError {
  /// The error for clients; the details belong in the log.
  init(storage error: any Error) {
    if error is CancellationError {
      self.init(.cancelled, "the request was cancelled")
    } else if let error = error as? SpeechError {
      self = error
    } else {
      self.init(.internal, "the service's storage failed: \(StorageError.from(error, path: "file").message)")
    }
  }
}
