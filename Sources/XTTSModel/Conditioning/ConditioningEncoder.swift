import Torch

/// Encodes mel frames as hidden states: a projection, then attention blocks over all frames.
///
/// Source: upstream (tortoise) `ConditioningEncoder` and `AttentionBlock`; the residual is added to the normalised
/// input.
struct ConditioningEncoder {
  private struct Block {
    let normWeight: Tensor
    let normBias: Tensor
    let projection: FoldedConvolution
    let output: FoldedConvolution
  }

  private static let prefix = "gpt.conditioning_encoder"

  private let input: FoldedConvolution
  private let blocks: [Block]
  private let headCount: Int
  private let hidden: Int
  /// The number of mel bands of the input.
  let bandCount: Int

  init(_ weights: ModelWeights, configuration: XTTSConfiguration.GPT, device: Device) throws(ModelError) {
    hidden = configuration.hiddenSize
    headCount = configuration.headCount
    let hidden = hidden
    let conv = { (name: String, shape: [Int?]) throws(ModelError) -> FoldedConvolution in
      try FoldedConvolution(weights, "\(Self.prefix).\(name)", shape: shape, biasSize: shape[0], device: device)
    }
    input = try conv("init", [hidden, nil, 1])
    bandCount = input.weight.shape[1]
    var blocks: [Block] = []
    for index in 0..<weights.count(of: "\(Self.prefix).attn", suffixes: ["qkv.weight"]) {
      blocks.append(
        Block(
          normWeight: try weights.stored("\(Self.prefix).attn.\(index).norm.weight", [hidden]).tensor(on: device),
          normBias: try weights.stored("\(Self.prefix).attn.\(index).norm.bias", [hidden]).tensor(on: device),
          projection: try conv("attn.\(index).qkv", [3 * hidden, hidden, 1]),
          output: try conv("attn.\(index).proj_out", [hidden, hidden, 1])))
    }
    self.blocks = blocks
  }

  /// Maps `[1, bands, frames]` to `[1, hidden, frames]`.
  func callAsFunction(_ mel: Tensor) throws(TorchError) -> Tensor {
    var x = try mel.convolved1D(weight: input.weight, bias: input.bias)
    for block in blocks {
      let normalized = try x.groupNorm(groups: groupCount, weight: block.normWeight, bias: block.normBias)
      let projected = try normalized.convolved1D(weight: block.projection.weight, bias: block.projection.bias)
      let attended = try attend(projected)
      x = try attended.convolved1D(weight: block.output.weight, bias: block.output.bias)
      try x.add(normalized)
    }
    return x
  }

  /// Maps `[1, 3 hidden, frames]`, where each head's queries, keys and values are adjacent, to `[1, hidden, frames]`.
  private func attend(_ projected: Tensor) throws(TorchError) -> Tensor {
    let frames = projected.shape[2]
    let size = hidden / headCount
    let heads = try projected.reshaped([headCount, 3, size, frames])
    let part = { (index: Int) throws(TorchError) -> Tensor in
      try heads.narrowed(1, index..<(index + 1)).squeezed(1).transposed(1, 2)
    }
    let attended = try Tensor.attention(
      queries: try part(0), keys: try part(1), values: try part(2), scale: 1 / Double(size).squareRoot())
    return try attended.transposed(1, 2).reshaped([1, hidden, frames])
  }

  /// The number of groups of upstream's `normalization`: 32, fewer for narrow layers, halved until it divides the
  /// channels.
  private var groupCount: Int {
    var groups = hidden <= 16 ? 8 : hidden <= 64 ? 16 : 32
    while groups > 1, hidden % groups != 0 { groups /= 2 }
    return groups
  }
}
