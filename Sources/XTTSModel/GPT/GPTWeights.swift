import Checkpoint

/// The GPT's tensors in the mapped file, with checked shapes. Every ``GPTDecoder`` is built from them.
///
/// Matrices of the transformer blocks have GPT-2's form, `[inputs, outputs]`; those of the head are `[outputs,
/// inputs]`. Layer norms have an epsilon of 1e-5; the activation is GPT-2's tanh approximation of GELU. A block is `x
/// += attention(ln1(x)); x += mlp(ln2(x))`. The stack is followed by `ln_f`, then by `final_norm`. The result is the
/// hidden state: the input of the vocoder and of the head, which computes the logits.
public struct GPTWeights: Sendable {
  /// A scale and a shift, each `[size]`.
  public struct Norm: Sendable {
    /// The factors.
    public var weight: StoredTensor
    /// The summands.
    public var bias: StoredTensor
  }

  /// `x weight + bias`; weight `[inputs, outputs]`, bias `[outputs]`.
  public struct Projection: Sendable {
    /// The factors.
    public var weight: StoredTensor
    /// The summands.
    public var bias: StoredTensor
  }

  /// One transformer block.
  public struct Layer: Sendable {
    /// The norm before the attention.
    public var attentionNorm: Norm
    /// `[hidden, 3 hidden]`: queries, keys and values concatenated, each head's part contiguous.
    public var queryKeyValue: Projection
    /// `[hidden, hidden]`.
    public var attentionOutput: Projection
    /// The norm before the feed-forward layers.
    public var feedForwardNorm: Norm
    /// `[hidden, 4 hidden]`.
    public var feedForwardInput: Projection
    /// `[4 hidden, hidden]`.
    public var feedForwardOutput: Projection
  }

  /// The width of the hidden states.
  public let hiddenSize: Int
  /// The number of attention heads.
  public let headCount: Int
  /// The number of outputs of a block's first feed-forward matrix.
  public let feedForwardSize: Int
  /// The size of the audio vocabulary, start and stop codes included.
  public let audioCodeCount: Int
  /// The transformer blocks in order.
  public let layers: [Layer]
  /// `ln_f`, after the last block.
  public let stackNorm: Norm
  /// `final_norm`, after `ln_f`.
  public let finalNorm: Norm
  /// `[text vocabulary, hidden]`.
  public let textEmbedding: StoredTensor
  /// `[text positions, hidden]`.
  public let textPositions: StoredTensor
  /// `[audioCodeCount, hidden]`.
  public let codeEmbedding: StoredTensor
  /// `[audio positions, hidden]`: the start code has row 0.
  public let codePositions: StoredTensor
  /// `[audioCodeCount, hidden]`: logits = hidden weightᵀ + bias.
  public let headWeight: StoredTensor
  /// `[audioCodeCount]`.
  public let headBias: StoredTensor

  /// The width of an attention head.
  public var headSize: Int { hiddenSize / headCount }
  /// The number of text tokens.
  public var textVocabularySize: Int { textEmbedding.shape[0] }
  /// The number of text positions.
  public var textPositionCount: Int { textPositions.shape[0] }
  /// The number of audio positions.
  public var codePositionCount: Int { codePositions.shape[0] }

  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  public init(_ weights: ModelWeights, configuration: XTTSConfiguration.GPT) throws(ModelError) {
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
    stackNorm = try Norm(weights, "gpt.gpt.ln_f", size: hidden)
    finalNorm = try Norm(weights, "gpt.final_norm", size: hidden)
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

extension GPTWeights.Norm {
  init(_ weights: ModelWeights, _ name: String, size: Int) throws(ModelError) {
    weight = try weights.stored("\(name).weight", [size])
    bias = try weights.stored("\(name).bias", [size])
  }
}

extension GPTWeights.Projection {
  init(_ weights: ModelWeights, _ name: String, from inputs: Int, to outputs: Int) throws(ModelError) {
    weight = try weights.stored("\(name).weight", [inputs, outputs])
    bias = try weights.stored("\(name).bias", [outputs])
  }
}

extension GPTWeights.Layer {
  init(_ weights: ModelWeights, _ name: String, hidden: Int, inner: Int) throws(ModelError) {
    attentionNorm = try GPTWeights.Norm(weights, "\(name).ln_1", size: hidden)
    queryKeyValue = try GPTWeights.Projection(weights, "\(name).attn.c_attn", from: hidden, to: 3 * hidden)
    attentionOutput = try GPTWeights.Projection(weights, "\(name).attn.c_proj", from: hidden, to: hidden)
    feedForwardNorm = try GPTWeights.Norm(weights, "\(name).ln_2", size: hidden)
    feedForwardInput = try GPTWeights.Projection(weights, "\(name).mlp.c_fc", from: hidden, to: inner)
    feedForwardOutput = try GPTWeights.Projection(weights, "\(name).mlp.c_proj", from: inner, to: hidden)
  }
}
