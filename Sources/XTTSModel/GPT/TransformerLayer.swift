import Torch

/// One GPT-2 block: `x += attention(ln1(x)); x += mlp(ln2(x))`.
struct TransformerLayer {
  private let attentionNorm: AffineTensors
  private let queryKeyValue: AffineTensors
  private let attentionOutput: AffineTensors
  private let feedForwardNorm: AffineTensors
  private let feedForwardInput: AffineTensors
  private let feedForwardOutput: AffineTensors
  private let headCount: Int

  init(_ layer: GPTWeights.Layer, headCount: Int, device: Device, dtype: DType) throws(ModelError) {
    attentionNorm = try AffineTensors(layer.attentionNorm, device: device, dtype: dtype)
    queryKeyValue = try AffineTensors(layer.queryKeyValue, device: device, dtype: dtype)
    attentionOutput = try AffineTensors(layer.attentionOutput, device: device, dtype: dtype)
    feedForwardNorm = try AffineTensors(layer.feedForwardNorm, device: device, dtype: dtype)
    feedForwardInput = try AffineTensors(layer.feedForwardInput, device: device, dtype: dtype)
    feedForwardOutput = try AffineTensors(layer.feedForwardOutput, device: device, dtype: dtype)
    self.headCount = headCount
  }

  /// Computes the first rows `[prompts × rows, hidden]` of several sequences, the same number for each, and stores
  /// their keys and values in `slots`.
  /// - Parameter slots: `[prompts]` int64.
  func prefill(
    _ x: Tensor, cache: KeyValueCache, slots: Tensor, prompts: Int, mask: Tensor
  ) throws(TorchError) -> Tensor {
    let heads = try heads(of: x, prompts: prompts)
    try cache.tensor.fillCache(heads.keysAndValues, slots: slots)
    let part = { (part: Int) throws(TorchError) -> Tensor in
      try heads.keysAndValues.narrowed(0, part..<(part + 1)).squeezed(0)
    }
    let attended = try Tensor.attention(
      queries: heads.queries, keys: try part(0), values: try part(1), mask: mask, scale: scale(x))
    return try feedForward(x, attended: try attended.transposed(1, 2).reshaped(x.shape))
  }

  /// Computes one row `[rows, hidden]` for each of several adjacent slots.
  func decode(_ x: Tensor, cache: KeyValueCache, step: DecodeStep) throws(TorchError) -> Tensor {
    let rowCount = step.shape.slots.count
    let hidden = try width(x)
    let parts = try queryKeyValue.product(try attentionNorm.norm(x)).reshaped([
      rowCount, 3, headCount, hidden / headCount,
    ])
    try cache.tensor.writeCache(
      try parts.narrowed(1, 1..<3).transposed(0, 1), firstSlot: step.shape.slots.lowerBound, positions: step.positions)
    let attended = try parts.narrowed(1, 0..<1).squeezed(1).attention(
      to: cache.tensor, firstSlot: step.shape.slots.lowerBound, length: step.shape.length, mask: step.mask,
      scale: try scale(x))
    return try feedForward(x, attended: attended)
  }

  /// Splits `[prompts × rows, hidden]` into queries `[prompts, heads, rows, head size]` and keys and values `[2,
  /// prompts, heads, rows, head size]`.
  private func heads(of x: Tensor, prompts: Int) throws(TorchError) -> (queries: Tensor, keysAndValues: Tensor) {
    let hidden = try width(x)
    let projected = try queryKeyValue.product(try attentionNorm.norm(x))
      .reshaped([prompts, -1, 3, headCount, hidden / headCount])
    // [3, prompts, heads, rows, head size]
    let parts = try projected.transposed(0, 2).transposed(1, 2).transposed(2, 3)
    return (try parts.narrowed(0, 0..<1).squeezed(0), try parts.narrowed(0, 1..<3))
  }

  private func width(_ x: Tensor) throws(TorchError) -> Int {
    guard let width = x.shape.last, x.shape.count == 2 else {
      throw TorchError(.invalidArgument, "a layer takes [rows, hidden], not \(x.shape)")
    }
    return width
  }

  private func scale(_ x: Tensor) throws(TorchError) -> Double {
    1 / Double(try width(x) / headCount).squareRoot()
  }

  private func feedForward(_ x: Tensor, attended: Tensor) throws(TorchError) -> Tensor {
    let residual = try attentionOutput.product(attended)
    try residual.add(x)
    let output = try feedForwardOutput.product(
      try feedForwardInput.productWithGelu(try feedForwardNorm.norm(residual)))
    try output.add(residual)
    return output
  }
}
