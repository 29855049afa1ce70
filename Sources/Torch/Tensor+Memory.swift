import CTorch

extension Tensor {
  /// A tensor of zeros.
  public static func zeros(_ shape: [Int], dtype: DType = .float32, on device: Device = .cpu) throws(TorchError)
    -> Tensor
  {
    try make { out in withInts(shape) { ct.zeros($0, dtype.code, device.code, out) } }
  }

  /// Uninitialised memory.
  public static func empty(_ shape: [Int], dtype: DType = .float32, on device: Device = .cpu) throws(TorchError)
    -> Tensor
  {
    try make { out in withInts(shape) { ct.empty($0, dtype.code, device.code, out) } }
  }

  /// Uninitialised memory of the host that a GPU copies to and from without waiting; ordinary where there is no GPU.
  public static func pinned(_ shape: [Int], dtype: DType = .float32) throws(TorchError) -> Tensor {
    try make { out in withInts(shape) { ct.empty_pinned($0, dtype.code, out) } }
  }

  /// A copy of the values, row-major.
  /// - Throws: ``TorchError`` when the values are not as many as the shape needs.
  public static func from(_ values: [Float], shape: [Int]) throws(TorchError) -> Tensor {
    try make { out in
      values.withUnsafeBufferPointer { values in
        withInts(shape) { ct.from_copy(values.baseAddress, values.count, $0, CT_FLOAT32, out) }
      }
    }
  }

  /// A copy of the values, row-major.
  public static func from(integers values: [Int64], shape: [Int]) throws(TorchError) -> Tensor {
    try make { out in
      values.withUnsafeBufferPointer { values in
        withInts(shape) { ct.from_copy(values.baseAddress, values.count, $0, CT_INT64, out) }
      }
    }
  }

  /// A one-dimensional copy.
  public static func from(_ values: [Float]) throws(TorchError) -> Tensor {
    try from(values, shape: [values.count])
  }

  /// A CPU tensor over memory of its owner, nothing copied. The owner is kept alive as long as any tensor shares the
  /// memory, which nothing may write to.
  ///
  /// - Parameters:
  ///   - bytes: at least as many as shape and dtype need.
  ///   - owner: the object that keeps `bytes` valid.
  public static func mapping(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, owner: AnyObject
  ) throws(TorchError) -> Tensor {
    var byteCount = dtype.byteCount
    for size in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { throw TorchError(.invalidArgument, "shape \(shape) has no size") }
      byteCount = product
    }
    guard byteCount <= bytes.count else {
      throw TorchError(.invalidArgument, "shape \(shape) needs \(byteCount) bytes, there are \(bytes.count)")
    }
    let context = Unmanaged.passRetained(owner)
    do {
      return try make { out in
        withInts(shape) { shape in
          ct.from_blob(
            bytes.baseAddress, shape, dtype.code, context.toOpaque(),
            { context in
              if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
            }, out)
        }
      }
    } catch {
      context.release()
      throw error
    }
  }

  /// All elements, row-major, converted to float32 and brought to the host.
  public func floats() throws(TorchError) -> [Float] {
    var status = CT_OK
    let values = [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
      status = ct.read_float(handle, buffer.baseAddress, buffer.count)
      count = status == CT_OK ? buffer.count : 0
    }
    try TorchError.check(status)
    return values
  }

  /// Overwrites this tensor's elements, converting dtype and device. Shapes must be equal.
  public func copy(from source: Tensor) throws(TorchError) {
    try TorchError.check(ct.copy(handle, source.handle))
  }

  /// A tensor of the host on another device, without waiting for what the device was given before; itself on the CPU.
  public func sent(to device: Device) throws(TorchError) -> Tensor {
    try Self.make { ct.send(handle, device.code, $0) }
  }

  /// ``copy(from:)`` that does not wait for a GPU where the host's side is pinned: both sides must then be left alone
  /// until the GPU's stream is done.
  public func copyWithoutWaiting(from source: Tensor) throws(TorchError) {
    try TorchError.check(ct.copy_async(handle, source.handle))
  }

  /// Calls a closure with the elements of a contiguous host tensor, row-major, for writing.
  /// - Throws: ``TorchError`` `invalidArgument` for a tensor on a GPU, not contiguous, or of another dtype.
  public func withUnsafeMutableElements<Element: TensorElement, Result>(
    of type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) -> Result
  ) throws(TorchError) -> Result {
    guard dtype == Element.dtype, let start = ct.data(handle) else {
      throw TorchError(.invalidArgument, "only a contiguous \(Element.dtype) host tensor can be written in place")
    }
    let count = elementCount
    return withExtendedLifetime(self) {
      body(UnsafeMutableBufferPointer(start: start.bindMemory(to: Element.self, capacity: count), count: count))
    }
  }

  /// The same values with another dtype or on another device; shares memory when nothing changes.
  public func converted(to dtype: DType, on device: Device? = nil) throws(TorchError) -> Tensor {
    let target = device ?? self.device
    return try Self.make { ct.to(handle, dtype.code, target.code, $0) }
  }
}
