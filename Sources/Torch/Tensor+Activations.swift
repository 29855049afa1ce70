import CTorch

extension Tensor {
  /// The positive part of each element.
  public func relu() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_RELU, handle, $0) } }
  /// `1 / (1 + exp(-x))` of each element.
  public func sigmoid() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_SIGMOID, handle, $0) } }
  /// GELU with the error function.
  public func gelu() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_GELU, handle, $0) } }

  /// The positive part, in place.
  public func applyRelu() throws(TorchError) { try TorchError.check(ct.unary_in_place(CT_RELU, handle)) }
  /// The hyperbolic tangent, in place.
  public func applyTanh() throws(TorchError) { try TorchError.check(ct.unary_in_place(CT_TANH, handle)) }

  /// Multiplies negative elements by `slope`.
  public func leakyRelu(slope: Double) throws(TorchError) -> Tensor {
    try Self.make { ct.leaky_relu(handle, slope, $0) }
  }

  /// ``leakyRelu(slope:)`` in place.
  public func applyLeakyRelu(slope: Double) throws(TorchError) {
    try TorchError.check(ct.leaky_relu_in_place(handle, slope))
  }

  /// Positive values with the sum 1 over a dimension.
  public func softmax(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.softmax(handle, Int64(dim), $0) }
  }
}
