import CTorch

extension Tensor {
  /// `x weightᵀ + bias`, weight `[outputs, inputs]`.
  public func linear(weight: Tensor, bias: Tensor? = nil) throws(TorchError) -> Tensor {
    try Self.make { ct.linear(handle, weight.handle, bias?.handle, $0) }
  }

  /// `x weight + bias` for matrices, weight `[inputs, outputs]` as GPT-2 stores it.
  public func affine(weight: Tensor, bias: Tensor) throws(TorchError) -> Tensor {
    try Self.make { ct.addmm(bias.handle, handle, weight.handle, $0) }
  }

  /// ``affine(weight:bias:)``, then GPT-2's GELU.
  public func affineGelu(weight: Tensor, bias: Tensor) throws(TorchError) -> Tensor {
    try Self.make { ct.affine_gelu(bias.handle, handle, weight.handle, $0) }
  }

  /// `softmax(q kᵀ scale + mask) v` over the last two dimensions. The mask is added.
  public static func attention(
    queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor? = nil, scale: Double
  ) throws(TorchError) -> Tensor {
    try make { ct.attention(queries.handle, keys.handle, values.handle, mask?.handle, scale, $0) }
  }

  /// Over the last dimension.
  public func layerNorm(weight: Tensor, bias: Tensor, epsilon: Double = 1e-5) throws(TorchError) -> Tensor {
    try Self.make { ct.layer_norm(handle, weight.handle, bias.handle, epsilon, $0) }
  }

  /// `[batch, channels, ...]`.
  public func groupNorm(groups: Int, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5) throws(TorchError)
    -> Tensor
  {
    try Self.make { ct.group_norm(handle, Int64(groups), weight.handle, bias.handle, epsilon, $0) }
  }

  /// `[batch, channels, ...]` with running statistics.
  public func batchNorm(
    weight: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon: Double = 1e-5
  ) throws(TorchError) -> Tensor {
    try Self.make { out in
      ct.batch_norm(handle, weight.handle, bias.handle, mean.handle, variance.handle, epsilon, out)
    }
  }

  /// `[batch, channels, n]`: each channel to zero mean and unit variance over the last dimension.
  public func instanceNorm(epsilon: Double = 1e-5) throws(TorchError) -> Tensor {
    try Self.make { ct.instance_norm(handle, epsilon, $0) }
  }

  /// `[batch, inputs, n]`, weight `[outputs, inputs, kernel]`.
  public func convolved1D(
    weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1
  ) throws(TorchError) -> Tensor {
    try Self.make { out in
      ct.conv1d(handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), Int64(dilation), out)
    }
  }

  /// `[batch, inputs, height, width]`, weight `[outputs, inputs, kernel, kernel]`.
  public func convolved2D(
    weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
  ) throws(TorchError) -> Tensor {
    try Self.make { ct.conv2d(handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), $0) }
  }

  /// `[batch, inputs, n]`, weight `[inputs, outputs, kernel]`.
  public func transposeConvolved1D(
    weight: Tensor, bias: Tensor? = nil, stride: Int, padding: Int
  ) throws(TorchError) -> Tensor {
    try Self.make { ct.conv_transpose1d(handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), $0) }
  }
}
