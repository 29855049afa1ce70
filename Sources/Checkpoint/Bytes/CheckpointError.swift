/// The error of reading or writing a weights file.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of an error.
  public enum Code: String, Sendable {
    /// The file is missing, not a regular file, or the system can't read it.
    case unreadable
    /// The file ends before what its headers announce.
    case truncated
    /// The bytes don't follow the format.
    case malformed
    /// The pickle names something that would run code, or uses an opcode that is never needed for weights.
    case refused
    /// A valid file that uses something this reader doesn't do (compression, big endian, a complex scalar type).
    case unsupported
    /// A count, size or depth is over the reader's limit.
    case limitExceeded
    /// A tensor's bytes are not all inside its storage, or a storage's not all inside the file.
    case outOfBounds
    /// A named entry or tensor is missing.
    case missing
    /// The file can't be written.
    case unwritable
  }

  /// The kind of the error.
  public var code: Code
  /// Path of the file; empty until the outermost reader fills it in.
  public var file: String
  /// Name of the invalid tensor (or dictionary entry).
  public var tensor: String?
  /// A predicate of the file or tensor, such as "is empty".
  public var reason: String

  /// An error of a file, or of one of its tensors.
  public init(_ code: Code, _ reason: String, file: String = "", tensor: String? = nil) {
    self.code = code
    self.file = file
    self.tensor = tensor
    self.reason = reason
  }

  /// File, tensor and reason in one line.
  public var description: String {
    let place = file.isEmpty ? "" : "\(file): "
    guard let tensor else { return place + reason }
    return "\(place)tensor \(tensor): \(reason)"
  }

  func inFile(_ path: String) -> CheckpointError {
    var copy = self
    if copy.file.isEmpty { copy.file = path }
    return copy
  }
}
