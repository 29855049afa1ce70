/// The sizes of an XTTS-v2 model. A loader reads those that are missing from `config.json` (vocoder, speaker encoder,
/// perceiver) from the tensors' shapes. The defaults are those of the published model: 963 tensors, 466.9 million values.
package struct XTTSDimensions: Sendable, Equatable {
  // GPT
  var layerCount = 30
  var width = 1024
  var headCount = 16
  package var textTokenCount = 6681
  /// Start and stop codes included; they are the last two.
  var audioCodeCount = 1026
  var maximumTextTokens = 402
  var maximumAudioCodes = 605

  // Conditioning
  var melCount = 80
  var conditioningLayerCount = 6
  var perceiverLayerCount = 2
  var perceiverLatentCount = 32
  /// Heads times the width of each: upstream's 8 × 64 at every model width.
  var perceiverInnerWidth = 512

  // Vocoder (HiFi-GAN)
  /// Channels before the first upsampling; each upsampling halves them.
  var vocoderChannels = 512
  /// Kernels of the transposed convolutions; each stride is half its kernel.
  var upsampleKernels = [16, 16, 4, 4]
  var residualKernels = [3, 7, 11]
  var residualDilationCount = 3

  // Speaker encoder (ResNet, attentive statistics pooling)
  var speakerEmbeddingWidth = 512
  var speakerMelCount = 64
  var speakerChannels = [32, 64, 128, 256]
  var speakerBlockCounts = [3, 4, 6, 3]
  var speakerAttentionWidth = 128

  /// The offline demo: a few megabytes, every part of the real model.
  package static let small = {
    var dimensions = XTTSDimensions()
    dimensions.layerCount = 3
    dimensions.width = 128
    dimensions.headCount = 4
    dimensions.textTokenCount = DemoVocabulary.tokenCount
    dimensions.vocoderChannels = 64
    dimensions.speakerChannels = [8, 16, 32, 64]
    return dimensions
  }()

  var startCode: Int { audioCodeCount - 2 }
  var stopCode: Int { audioCodeCount - 1 }
  /// Upstream's `int(width * 4 * 2 / 3)`.
  var perceiverFeedForwardWidth: Int { width * 8 / 3 }
  /// Positions of upstream's two embeddings: text + start and stop, audio + start, stop and one conditioning input.
  var textPositionCount: Int { maximumTextTokens + 2 }
  var audioPositionCount: Int { maximumAudioCodes + 3 }
  /// Channels times the mel bands left after three halvings.
  var speakerPooledWidth: Int { (speakerChannels.last ?? 0) * (speakerMelCount / 8) }

  /// Throws when a size is out of what can be built, so that later arithmetic can't overflow.
  func validate() throws(CheckpointError) {
    let sizes = [
      layerCount, width, headCount, textTokenCount, audioCodeCount, maximumTextTokens, maximumAudioCodes, melCount,
      conditioningLayerCount, perceiverLayerCount, perceiverLatentCount, perceiverInnerWidth, vocoderChannels,
      residualDilationCount, speakerEmbeddingWidth, speakerMelCount, speakerAttentionWidth,
    ]
    let lists = [upsampleKernels, residualKernels, speakerChannels, speakerBlockCounts]
    guard sizes.allSatisfy({ (1...65_536).contains($0) }), lists.allSatisfy({ (1...16).contains($0.count) }),
      lists.allSatisfy({ $0.allSatisfy { (1...65_536).contains($0) } })
    else { throw CheckpointError(.unsupported, "every size of a model must be from 1 to 65536") }
    guard width % headCount == 0, audioCodeCount >= 3 else {
      throw CheckpointError(.unsupported, "the width must be a multiple of the heads, with at least 3 codes")
    }
    guard vocoderChannels >> upsampleKernels.count >= 1, speakerChannels.count == 4, speakerBlockCounts.count == 4,
      speakerChannels.allSatisfy({ $0 >= 8 }), speakerMelCount >= 8
    else {
      throw CheckpointError(
        .unsupported,
        "vocoder channels must survive their halvings; the speaker encoder needs 4 stages of 8 or more channels")
    }
  }
}
