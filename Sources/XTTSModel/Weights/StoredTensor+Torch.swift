import Checkpoint
import Torch

extension StoredTensor {
  /// Keeps a stored tensor's file mapped for as long as libtorch reads from it.
  private final class Mapping {
    let stored: StoredTensor
    init(_ stored: StoredTensor) { self.stored = stored }
  }

  /// The values as a tensor: the mapped file itself on the CPU where it holds that type, else a converted copy.
  func tensor(on device: Device = .cpu, as dtype: DType = .float32) throws(ModelError) -> Tensor {
    do throws(TorchError) {
      let mapped = try mapped()
      // A GPU converts faster than the host.
      return try mapped.converted(to: mapped.dtype ?? dtype, on: device).converted(to: dtype)
    } catch {
      throw ModelError(.backend, "tensor \(name): \(error.message)")
    }
  }

  private func mapped() throws(TorchError) -> Tensor {
    let dtype: DType
    switch scalarType {
    case .float32: dtype = .float32
    case .float16: dtype = .float16
    case .bfloat16: dtype = .bfloat16
    case .float64: dtype = .float64
    default: throw TorchError(.invalidArgument, "holds \(scalarType.rawValue), expected floating point")
    }
    // The bytes outlive the closure because the file stays mapped while `Mapping` holds the stored tensor; a gathered
    // or unaligned one is copied instead.
    return try withUnsafeBytes { (bytes) throws(TorchError) -> Tensor in
      let isAligned = Int(bitPattern: bytes.baseAddress) % dtype.byteCount == 0
      let mapped = try Tensor.mapping(bytes, shape: shape, dtype: dtype, owner: Mapping(self))
      guard isContiguous, isAligned else {
        let copy = try Tensor.empty(shape, dtype: dtype)
        try copy.copy(from: mapped)
        return copy
      }
      return mapped
    }
  }
}
