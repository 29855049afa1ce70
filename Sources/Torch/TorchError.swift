import CTorch
import SpeechCore

/// The failure of a tensor operation.
public typealias TorchError = CodedError<TorchErrorCode>

public enum TorchErrorCode: String, Sendable {
  /// libtorch refused: shapes, dtypes or devices don't fit.
  case operation
  /// Out of host or device memory.
  case outOfMemory
  /// Refused before libtorch saw it.
  case invalidArgument
  /// Anything else that was thrown inside libtorch.
  case unexpected
}

extension TorchError {
  /// Throws what the shim reports for the calling thread unless the status is `CT_OK`.
  static func check(_ status: ct_status) throws(TorchError) {
    guard status != CT_OK else { return }
    let code: Code =
      switch status {
      case CT_ERROR_TORCH: .operation
      case CT_ERROR_MEMORY: .outOfMemory
      case CT_ERROR_ARGUMENT: .invalidArgument
      default: .unexpected
      }
    throw TorchError(code, String(cString: ct_last_error()))
  }
}
