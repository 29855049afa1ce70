import CTorch
import SpeechCore

/// The failure of a tensor operation.
public typealias TorchError = CodedError<TorchErrorCode>

/// The kind of a ``TorchError``.
public enum TorchErrorCode: String, Sendable {
  /// The library is missing, can't be loaded, or belongs to another build.
  case libraryUnavailable
  /// libtorch refused: shapes, dtypes or devices don't fit.
  case operation
  /// Out of host or device memory.
  case outOfMemory
  /// Refused before the call of libtorch.
  case invalidArgument
  /// Any other exception of libtorch.
  case unexpected
}

extension TorchError {
  /// Calls a function of the library, which is loaded before if need be, and throws unless it returns `CT_OK`.
  static func check(_ call: @autoclosure () -> ct_status) throws(TorchError) {
    try TorchLibrary.load()
    let status = call()
    guard status != CT_OK else { return }
    let code: Code =
      switch status {
      case CT_ERROR_TORCH: .operation
      case CT_ERROR_MEMORY: .outOfMemory
      case CT_ERROR_ARGUMENT: .invalidArgument
      default: .unexpected
      }
    throw TorchError(code, ct.last_error().map { String(cString: $0) } ?? "")
  }
}
