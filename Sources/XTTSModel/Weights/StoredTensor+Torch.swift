import Checkpoint
import Torch

extension StoredTensor {
  /// Keeps a stored tensor's file mapped as long as libtorch reads from it.
  private final class Mapping {
    let stored: StoredTensor
    init(_ stored: StoredTensor) { self.stored = stored }
  }

  /// The values as a tensor. On the CPU it refers to the mapped file if the file holds that type; otherwise it is a
  /// converted copy.
  func tensor(on device: Device = .cpu, as dtype: DType = .float32) throws(ModelError) -> Tensor {
    do throws(TorchError) {
      let mapped = try mapped()
      // The GPU does the conversion, because it is faster than the host.
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
    // The bytes outlive the closure, because `Mapping` holds the stored tensor and with it the mapping of the file. A
    // tensor that is not contiguous or not aligned is copied instead.
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
