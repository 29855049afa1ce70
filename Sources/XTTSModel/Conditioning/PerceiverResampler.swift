import Torch

/// Maps any number of hidden states to a fixed number of latents, by cross-attention from learned queries.
///
/// Source: upstream `PerceiverResampler` (after Alayrac et al., "Flamingo", 2022). The latents attend to themselves and
/// to the context; the feed-forward part is a GEGLU.
struct PerceiverResampler {
  private struct Layer {
    let queries: Tensor
    let keysValues: Tensor
    let output: Tensor
    let inner: (weight: Tensor, bias: Tensor)
    let outer: (weight: Tensor, bias: Tensor)
  }

  private static let prefix = "gpt.conditioning_perceiver"
  /// The value of the published model; a checkpoint does not contain it.
  private static let headSize = 64

  private let latents: Tensor
  private let gamma: Tensor
  private let layers: [Layer]
  private let hidden: Int
  /// The number of latents of the result.
  let latentCount: Int

  init(_ weights: ModelWeights, hidden: Int, device: Device) throws(ModelError) {
    self.hidden = hidden
    let load = { (name: String, shape: [Int?]) throws(ModelError) -> Tensor in
      try weights.stored("\(Self.prefix).\(name)", shape).tensor(on: device)
    }
    latents = try load("latents", [nil, hidden])
    latentCount = latents.shape[0]
    gamma = try load("norm.gamma", [hidden])
    var layers: [Layer] = []
    for index in 0..<weights.count(of: "\(Self.prefix).layers", suffixes: ["0.to_q.weight"]) {
      let queries = try load("layers.\(index).0.to_q.weight", [nil, hidden])
      let inner = queries.shape[0]
      guard inner % Self.headSize == 0 else {
        throw ModelError(
          .inconsistent,
          "\(Self.prefix).layers.\(index).0.to_q.weight has \(inner) rows, expected a multiple of \(Self.headSize)")
      }
      let outer = try load("layers.\(index).1.2.weight", [hidden, nil])
      let width = outer.shape[1]
      layers.append(
        Layer(
          queries: queries, keysValues: try load("layers.\(index).0.to_kv.weight", [2 * inner, hidden]),
          output: try load("layers.\(index).0.to_out.weight", [hidden, inner]),
          inner: (
            try load("layers.\(index).1.0.weight", [2 * width, hidden]),
            try load("layers.\(index).1.0.bias", [2 * width])
          ),
          outer: (outer, try load("layers.\(index).1.2.bias", [hidden]))))
    }
    self.layers = layers
  }

  /// Maps `[frames, hidden]` to `[latentCount, hidden]`.
  func callAsFunction(_ context: Tensor) throws(TorchError) -> Tensor {
    var x = latents
    for layer in layers {
      x = try x + attend(x, context: context, layer)
      x = try x + feedForward(x, layer)
    }
    let length = try x.norm(over: [1]).clamped(minimum: 1e-12)
    return try x / length * Double(hidden).squareRoot() * gamma
  }

  private func attend(_ x: Tensor, context: Tensor, _ layer: Layer) throws(TorchError) -> Tensor {
    let all = try Tensor.concatenated([x, context], dim: 0)
    let queries = try x.linear(weight: layer.queries)
    let keysValues = try all.linear(weight: layer.keysValues)
    let inner = queries.shape[1]
    let heads = { (part: Tensor) throws(TorchError) -> Tensor in
      try part.reshaped([part.shape[0], inner / Self.headSize, Self.headSize]).transposed(0, 1)
    }
    let attended = try Tensor.attention(
      queries: try heads(queries), keys: try heads(try keysValues.narrowed(1, 0..<inner)),
      values: try heads(try keysValues.narrowed(1, inner..<(2 * inner))),
      scale: 1 / Double(Self.headSize).squareRoot())
    return try attended.transposed(0, 1).reshaped([latentCount, inner]).linear(weight: layer.output)
  }

  private func feedForward(_ x: Tensor, _ layer: Layer) throws(TorchError) -> Tensor {
    let projected = try x.linear(weight: layer.inner.weight, bias: layer.inner.bias)
    let width = layer.outer.weight.shape[1]
    let gate = try projected.narrowed(1, width..<(2 * width)).gelu()
    let gated = try projected.narrowed(1, 0..<width) * gate
    return try gated.linear(weight: layer.outer.weight, bias: layer.outer.bias)
  }
}
