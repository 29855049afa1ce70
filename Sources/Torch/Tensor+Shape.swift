import CTorch

extension Tensor {
  /// Row-major memory; shares it when it already is.
  public func contiguous() throws(TorchError) -> Tensor {
    try Self.make { ct.contiguous(handle, $0) }
  }

  /// One size may be -1.
  public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Self.make { out in withInts(shape) { ct.reshape(handle, $0, out) } }
  }

  /// A view with two dimensions exchanged.
  public func transposed(_ first: Int, _ second: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.transpose(handle, Int64(first), Int64(second), $0) }
  }

  /// A view of part of a dimension.
  public func narrowed(_ dim: Int, _ range: Range<Int>) throws(TorchError) -> Tensor {
    try Self.make { ct.narrow(handle, Int64(dim), Int64(range.lowerBound), Int64(range.count), $0) }
  }

  /// A view with a new dimension of size 1.
  public func unsqueezed(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.unsqueeze(handle, Int64(dim), $0) }
  }

  /// A view without a dimension of size 1.
  public func squeezed(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.squeeze(handle, Int64(dim), $0) }
  }

  /// The tensors one after the other along a dimension.
  public static func concatenated(_ tensors: [Tensor], dim: Int) throws(TorchError) -> Tensor {
    // The shim borrows the handles, so the tensors must outlive the call.
    try withExtendedLifetime(tensors) { () throws(TorchError) -> Tensor in
      var handles: [OpaquePointer?] = tensors.map(\.handle)
      return try make { ct.cat(&handles, tensors.count, Int64(dim), $0) }
    }
  }

  /// Rows by number: `indices` is one-dimensional int64.
  public func selected(dim: Int, indices: Tensor) throws(TorchError) -> Tensor {
    try Self.make { ct.index_select(handle, Int64(dim), indices.handle, $0) }
  }
}
