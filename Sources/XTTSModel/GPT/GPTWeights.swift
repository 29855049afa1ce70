import Checkpoint

/// The GPT's tensors in the mapped file, with checked shapes. Every ``GPTDecoder`` is built from them.
///
/// Matrices of the transformer blocks have GPT-2's form, `[inputs, outputs]`; those of the head are `[outputs,
/// inputs]`. Layer norms have an epsilon of 1e-5; the activation is GPT-2's tanh approximation of GELU. A block is `x
/// += attention(ln1(x)); x += mlp(ln2(x))`. The stack is followed by `ln_f`, then by `final_norm`. The result is the
/// hidden state: the input of the vocoder and of the head, which computes the logits.
public struct GPTWeights: Sendable {
  /// A matrix `[inputs, outputs]` or the scale of a norm `[size]`, and a bias of its last dimension.
  struct Affine: Sendable {
    let weight: StoredTensor
    let bias: StoredTensor

    init(_ weights: ModelWeights, _ name: String, _ shape: Int...) throws(ModelError) {
      weight = try weights.stored("\(name).weight", shape)
      bias = try weights.stored("\(name).bias", shape.suffix(1))
    }
  }

  /// One transformer block.
  struct Layer: Sendable {
    /// The norm before the attention.
    var attentionNorm: Affine
    /// `[hidden, 3 hidden]`: queries, keys and values concatenated, each head's part contiguous.
    var queryKeyValue: Affine
    /// `[hidden, hidden]`.
    var attentionOutput: Affine
    /// The norm before the feed-forward layers.
    var feedForwardNorm: Affine
    /// `[hidden, 4 hidden]`.
    var feedForwardInput: Affine
    /// `[4 hidden, hidden]`.
    var feedForwardOutput: Affine
  }

  /// The width of the hidden states.
  let hiddenSize: Int
  /// The number of attention heads.
  let headCount: Int
  /// The number of outputs of a block's first feed-forward matrix.
  let feedForwardSize: Int
  /// The size of the audio vocabulary, start and stop codes included.
  let audioCodeCount: Int
  /// The transformer blocks in order.
  let layers: [Layer]
  /// `ln_f`, after the last block.
  let stackNorm: Affine
  /// `final_norm`, after `ln_f`.
  let finalNorm: Affine
  /// `[text vocabulary, hidden]`.
  let textEmbedding: StoredTensor
  /// `[text positions, hidden]`.
  let textPositions: StoredTensor
  /// `[audioCodeCount, hidden]`.
  let codeEmbedding: StoredTensor
  /// `[audio positions, hidden]`: the start code has row 0.
  let codePositions: StoredTensor
  /// `[audioCodeCount, hidden]`: logits = hidden weightᵀ + bias.
  let headWeight: StoredTensor
  /// `[audioCodeCount]`.
  let headBias: StoredTensor

  /// The width of an attention head.
  var headSize: Int { hiddenSize / headCount }
  /// The number of text tokens.
  public var textVocabularySize: Int { textEmbedding.shape[0] }
  /// The number of text positions.
  var textPositionCount: Int { textPositions.shape[0] }
  /// The number of audio positions.
  var codePositionCount: Int { codePositions.shape[0] }

  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  init(_ weights: ModelWeights, configuration: XTTSConfiguration.GPT) throws(ModelError) {
    let hidden = configuration.hiddenSize
    hiddenSize = hidden
    headCount = configuration.headCount
    audioCodeCount = configuration.audioCodeCount
    let inner = try weights.stored("gpt.gpt.h.0.mlp.c_fc.weight", [hidden, nil]).shape[1]
    feedForwardSize = inner
    var layers: [Layer] = []
    for index in 0..<configuration.layerCount {
      layers.append(try Layer(weights, "gpt.gpt.h.\(index)", hidden: hidden, inner: inner))
    }
    self.layers = layers
    stackNorm = try Affine(weights, "gpt.gpt.ln_f", hidden)
    finalNorm = try Affine(weights, "gpt.final_norm", hidden)
    textEmbedding = try weights.stored("gpt.text_embedding.weight", [nil, hidden])
    // Upstream adds positions: two for the start and stop tokens of the text, three around the codes.
    textPositions = try weights.stored(
      "gpt.text_pos_embedding.emb.weight", [configuration.maximumTextTokens + 2, hidden])
    codeEmbedding = try weights.stored("gpt.mel_embedding.weight", [audioCodeCount, hidden])
    codePositions = try weights.stored(
      "gpt.mel_pos_embedding.emb.weight", [configuration.maximumAudioCodes + 3, hidden])
    headWeight = try weights.stored("gpt.mel_head.weight", [audioCodeCount, hidden])
    headBias = try weights.stored("gpt.mel_head.bias", [audioCodeCount])
  }
}

extension GPTWeights.Layer {
  init(_ weights: ModelWeights, _ name: String, hidden: Int, inner: Int) throws(ModelError) {
    attentionNorm = try GPTWeights.Affine(weights, "\(name).ln_1", hidden)
    queryKeyValue = try GPTWeights.Affine(weights, "\(name).attn.c_attn", hidden, 3 * hidden)
    attentionOutput = try GPTWeights.Affine(weights, "\(name).attn.c_proj", hidden, hidden)
    feedForwardNorm = try GPTWeights.Affine(weights, "\(name).ln_2", hidden)
    feedForwardInput = try GPTWeights.Affine(weights, "\(name).mlp.c_fc", hidden, inner)
    feedForwardOutput = try GPTWeights.Affine(weights, "\(name).mlp.c_proj", inner, hidden)
  }
}
