import CTorch

/// An n-dimensional array of libtorch. Operations return new tensors; views share memory with their source.
///
/// Freed when the last reference is gone. Gradients are never recorded.
public final class Tensor: @unchecked Sendable {
  // libtorch counts references atomically and reading is safe from any thread; in-place operations are for the one
  // thread that owns the tensor.
  let handle: OpaquePointer

  /// Takes over a handle.
  init(owning handle: OpaquePointer) {
    self.handle = handle
  }

  deinit { ct.tensor_free(handle) }

  /// Runs a shim function that makes one tensor.
  static func make(_ body: (UnsafeMutablePointer<OpaquePointer?>) -> ct_status) throws(TorchError) -> Tensor {
    var made: OpaquePointer?
    try TorchError.check(body(&made))
    guard let made else { throw TorchError(.unexpected, "an operation made no tensor") }
    return Tensor(owning: made)
  }

  /// The size of each dimension.
  public var shape: [Int] {
    (0..<ct.dim(handle)).map { Int(ct.size(handle, $0)) }
  }

  /// The number of elements.
  public var elementCount: Int { Int(ct.element_count(handle)) }

  /// Nil for types this package has no name for (complex numbers, quantised types).
  public var dtype: DType? { DType(code: ct.tensor_dtype(handle)) }

  /// The device of the memory.
  public var device: Device { Device(code: ct.tensor_device(handle)) }
}

/// Passes a list of integers to a shim function.
func withInts<Result>(_ values: [Int], _ body: (ct_ints) -> Result) -> Result {
  let list = values.map { Int64($0) }
  return list.withUnsafeBufferPointer { body(ct_ints(values: $0.baseAddress, count: $0.count)) }
}
