import Checkpoint

extension TensorSource {
  /// The elements of a stored tensor, as they are.
  public init(_ tensor: StoredTensor) {
    self.init(tensor.scalarType, shape: tensor.shape) { bytes in
      tensor.withUnsafeBytes { bytes.copyMemory(from: .init(rebasing: $0.prefix(bytes.count))) }
    }
  }
}
