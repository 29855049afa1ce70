import SpeechCore
import Torch

/// Why a model can't be loaded or run.
public typealias ModelError = CodedError<ModelErrorCode>

public enum ModelErrorCode: String, Sendable {
  /// A file is missing, unreadable or not what its name says.
  case unreadable
  /// The configuration and the tensors don't describe one model.
  case inconsistent
  /// An argument is outside what the model can do (a token, a slot, a length).
  case invalidArgument
  /// The tensor library or a kernel failed.
  case backend
}

extension ModelError {
  init(_ error: TorchError) { self.init(.backend, error.message) }

  /// Runs tensor operations; what they throw becomes a model error.
  static func wrapping<Value>(_ body: () throws(TorchError) -> Value) throws(ModelError) -> Value {
    do throws(TorchError) {
      return try body()
    } catch {
      throw ModelError(error)
    }
  }
}
