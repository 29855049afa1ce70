import CTorch

extension Tensor {
  /// The positive part of each element.
  public func relu() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_RELU, handle, $0) } }
  /// `1 / (1 + exp(-x))` of each element.
  public func sigmoid() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_SIGMOID, handle, $0) } }
  /// The hyperbolic tangent of each element.
  public func tanh() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_TANH, handle, $0) } }
  /// With the error function.
  public func gelu() throws(TorchError) -> Tensor { try Self.make { ct.unary(CT_GELU, handle, $0) } }

  /// In place.
  public func applyRelu() throws(TorchError) { try TorchError.check(ct.unary_in_place(CT_RELU, handle)) }
  /// In place.
  public func applyTanh() throws(TorchError) { try TorchError.check(ct.unary_in_place(CT_TANH, handle)) }
  /// In place: GPT-2's approximation with tanh.
  public func applyTanhGelu() throws(TorchError) { try TorchError.check(ct.unary_in_place(CT_GELU_TANH, handle)) }

  /// Multiplies negative elements by `slope`.
  public func leakyRelu(slope: Double) throws(TorchError) -> Tensor {
    try Self.make { ct.leaky_relu(handle, slope, $0) }
  }

  /// In place.
  public func applyLeakyRelu(slope: Double) throws(TorchError) {
    try TorchError.check(ct.leaky_relu_in_place(handle, slope))
  }

  /// Positive values with the sum 1 over a dimension.
  public func softmax(_ dim: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.softmax(handle, Int64(dim), $0) }
  }
}
