/// Every tensor of an XTTS-v2 checkpoint, in the order of upstream's state dict.
struct XTTSLayout: Sendable {
  /// One tensor: its published name and its shape.
  struct Entry {
    let name: String
    let shape: [Int]
  }

  let dimensions: XTTSDimensions
  private(set) var tensors: [Entry] = []

  init(_ dimensions: XTTSDimensions) throws(CheckpointError) {
    try dimensions.validate()
    self.dimensions = dimensions
    add("mel_stats", [dimensions.melCount])
    addConditioningEncoder()
    addGPT()
    addPerceiver()
    addVocoder()
    addSpeakerEncoder()
  }

  // MARK: - Building blocks

  mutating func add(_ name: String, _ shape: [Int]) { tensors.append(Entry(name: name, shape: shape)) }

  /// `weight` of `shape`, `bias` of its outputs.
  mutating func addLayer(_ name: String, _ shape: [Int], outputs: Int? = nil) {
    add("\(name).weight", shape)
    add("\(name).bias", [outputs ?? shape.first ?? 0])
  }

  /// Magnitude and direction, under the names of torch's `parametrizations.weight_norm`.
  private mutating func addWeightNormed(_ name: String, _ shape: [Int], outputs: Int) {
    add("\(name).bias", [outputs])
    add("\(name).parametrizations.weight.original0", [shape[0]] + shape.dropFirst().map { _ in 1 })
    add("\(name).parametrizations.weight.original1", shape)
  }

  // MARK: - Parts

  private mutating func addConditioningEncoder() {
    let width = dimensions.width
    addLayer("gpt.conditioning_encoder.init", [width, dimensions.melCount, 1])
    for layer in 0..<dimensions.conditioningLayerCount {
      let name = "gpt.conditioning_encoder.attn.\(layer)"
      addLayer("\(name).norm", [width])
      addLayer("\(name).qkv", [3 * width, width, 1])
      addLayer("\(name).proj_out", [width, width, 1])
    }
  }

  private mutating func addGPT() {
    let width = dimensions.width
    add("gpt.text_embedding.weight", [dimensions.textTokenCount, width])
    add("gpt.mel_embedding.weight", [dimensions.audioCodeCount, width])
    for layer in 0..<dimensions.layerCount {
      let name = "gpt.gpt.h.\(layer)"
      // GPT-2's Conv1D: [inputs, outputs].
      addLayer("\(name).ln_1", [width])
      addLayer("\(name).attn.c_attn", [width, 3 * width], outputs: 3 * width)
      addLayer("\(name).attn.c_proj", [width, width])
      addLayer("\(name).ln_2", [width])
      addLayer("\(name).mlp.c_fc", [width, 4 * width], outputs: 4 * width)
      addLayer("\(name).mlp.c_proj", [4 * width, width], outputs: width)
    }
    addLayer("gpt.gpt.ln_f", [width])
    add("gpt.mel_pos_embedding.emb.weight", [dimensions.audioPositionCount, width])
    add("gpt.text_pos_embedding.emb.weight", [dimensions.textPositionCount, width])
    addLayer("gpt.final_norm", [width])
    addLayer("gpt.text_head", [dimensions.textTokenCount, width])
    addLayer("gpt.mel_head", [dimensions.audioCodeCount, width])
  }

  private mutating func addPerceiver() {
    let width = dimensions.width
    let inner = dimensions.perceiverInnerWidth
    let feedForward = dimensions.perceiverFeedForwardWidth
    add("gpt.conditioning_perceiver.latents", [dimensions.perceiverLatentCount, width])
    for layer in 0..<dimensions.perceiverLayerCount {
      let name = "gpt.conditioning_perceiver.layers.\(layer)"
      add("\(name).0.to_q.weight", [inner, width])
      add("\(name).0.to_kv.weight", [2 * inner, width])
      add("\(name).0.to_out.weight", [width, inner])
      addLayer("\(name).1.0", [2 * feedForward, width])
      addLayer("\(name).1.2", [width, feedForward])
    }
    add("gpt.conditioning_perceiver.norm.gamma", [width])
  }

  private mutating func addVocoder() {
    let name = "hifigan_decoder.waveform_decoder"
    let channels = (0...dimensions.upsampleKernels.count).map { dimensions.vocoderChannels >> $0 }
    add("\(name).conv_pre.bias", [channels[0]])
    add("\(name).conv_pre.weight", [channels[0], dimensions.width, 7])
    for (stage, kernel) in dimensions.upsampleKernels.enumerated() {
      let outputs = channels[stage + 1]
      addWeightNormed("\(name).ups.\(stage)", [channels[stage], outputs, kernel], outputs: outputs)
    }
    var block = 0
    for outputs in channels.dropFirst() {
      for kernel in dimensions.residualKernels {
        for half in ["convs1", "convs2"] {
          for dilation in 0..<dimensions.residualDilationCount {
            addWeightNormed(
              "\(name).resblocks.\(block).\(half).\(dilation)", [outputs, outputs, kernel], outputs: outputs)
          }
        }
        block += 1
      }
    }
    add("\(name).conv_post.weight", [1, channels[channels.count - 1], 7])
    addLayer("\(name).cond_layer", [channels[0], dimensions.speakerEmbeddingWidth, 1])
    for stage in dimensions.upsampleKernels.indices {
      addLayer("\(name).conds.\(stage)", [channels[stage + 1], dimensions.speakerEmbeddingWidth, 1])
    }
  }
}
