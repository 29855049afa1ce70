import SpeechCore
import Torch

/// The error of loading or running a model.
public typealias ModelError = CodedError<ModelErrorCode>

/// The kind of a ``ModelError``.
public enum ModelErrorCode: String, Sendable {
  /// A file is missing, unreadable or of another kind than its name says.
  case unreadable
  /// The configuration and the tensors don't match.
  case inconsistent
  /// An argument is outside the model's limits (a token, a slot, a length).
  case invalidArgument
  /// The tensor library or a kernel failed.
  case backend
}

extension ModelError {
  init(_ error: TorchError) { self.init(.backend, error.message) }

  /// Runs tensor operations and converts their errors to model errors.
  static func wrapping<Value>(_ body: () throws(TorchError) -> Value) throws(ModelError) -> Value {
    do throws(TorchError) {
      return try body()
    } catch {
      throw ModelError(error)
    }
  }
}
