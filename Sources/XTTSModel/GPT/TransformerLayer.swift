import Torch

/// `x weight + bias` on its device, weight `[inputs, outputs]`.
private struct Affine {
  let weight: Tensor
  let bias: Tensor

  init(_ projection: GPTWeights.Projection, device: Device) throws(ModelError) {
    weight = try projection.weight.tensor(on: device)
    bias = try projection.bias.tensor(on: device)
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.affine(weight: weight, bias: bias)
  }
}

/// One GPT-2 block: `x += attention(ln1(x)); x += mlp(ln2(x))`.
struct TransformerLayer {
  private let attentionNorm: LayerNorm
  private let queryKeyValue: Affine
  private let attentionOutput: Affine
  private let feedForwardNorm: LayerNorm
  private let feedForwardInput: Affine
  private let feedForwardOutput: Affine
  private let headCount: Int

  init(_ layer: GPTWeights.Layer, headCount: Int, device: Device) throws(ModelError) {
    attentionNorm = try LayerNorm(layer.attentionNorm, device: device)
    queryKeyValue = try Affine(layer.queryKeyValue, device: device)
    attentionOutput = try Affine(layer.attentionOutput, device: device)
    feedForwardNorm = try LayerNorm(layer.feedForwardNorm, device: device)
    feedForwardInput = try Affine(layer.feedForwardInput, device: device)
    feedForwardOutput = try Affine(layer.feedForwardOutput, device: device)
    self.headCount = headCount
  }

  /// Neighbouring rows `[rows, hidden]` of one sequence, the first at `position`.
  func prefill(
    _ x: Tensor, cache: KeyValueCache, slot: Int, at position: Int, mask: Tensor
  ) throws(TorchError) -> Tensor {
    let projected = try queryKeyValue(try attentionNorm(x))
    let attended = try attend(projected, cache: cache, slot: slot, at: position, mask: mask)
    return try feedForward(x, attended: attended)
  }

  /// One row `[rows, hidden]` each of several sequences. The products are shared, attention is each row's own.
  func decode(_ x: Tensor, cache: KeyValueCache, rows: [DecodeRow]) throws(TorchError) -> Tensor {
    let projected = try queryKeyValue(try attentionNorm(x))
    var attended: [Tensor] = []
    for (index, row) in rows.enumerated() {
      let own = rows.count == 1 ? projected : try projected.narrowed(0, index..<(index + 1))
      attended.append(
        try attend(own, cache: cache, slot: row.slot, at: row.promptLength + row.codeIndex, mask: nil))
    }
    return try feedForward(x, attended: try Tensor.concatenated(attended, dim: 0))
  }

  /// `[rows, 3 hidden]` of one slot to `[rows, hidden]`.
  private func attend(
    _ projected: Tensor, cache: KeyValueCache, slot: Int, at position: Int, mask: Tensor?
  ) throws(TorchError) -> Tensor {
    let shape = projected.shape
    let rowCount = shape[0]
    let hidden = shape[1] / 3
    let headSize = hidden / headCount
    // [rows, 3, heads, head size]
    let parts = try projected.reshaped([rowCount, 3, headCount, headSize])
    let heads = { (part: Int) throws(TorchError) -> Tensor in
      try parts.narrowed(1, part..<(part + 1)).squeezed(1).transposed(0, 1)
    }
    let stored = try cache.append(
      keys: try heads(1), values: try heads(2), slot: slot, at: position, count: rowCount)
    let attended = try Tensor.attention(
      queries: try heads(0), keys: stored.keys, values: stored.values, mask: mask,
      scale: 1 / Double(headSize).squareRoot())
    return try attended.transposed(0, 1).reshaped([rowCount, hidden])
  }

  private func feedForward(_ x: Tensor, attended: Tensor) throws(TorchError) -> Tensor {
    let residual = try attentionOutput(attended)
    try residual.add(x)
    let inner = try feedForwardInput(try feedForwardNorm(residual))
    try inner.applyTanhGelu()
    let output = try feedForwardOutput(inner)
    try output.add(residual)
    return output
  }
}
