import Torch

extension ModelError {
  init(_ error: TorchError) {
    self.init(.backend, error.message)
  }

  /// Runs tensor operations; what they throw becomes a model error.
  static func wrapping<Value>(_ body: () throws(TorchError) -> Value) throws(ModelError) -> Value {
    do throws(TorchError) {
      return try body()
    } catch {
      throw ModelError(error)
    }
  }
}
