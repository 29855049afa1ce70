/// The ResNet speaker encoder with squeeze-and-excitation blocks and attentive statistics pooling.
extension XTTSLayout {
  private static let name = "hifigan_decoder.speaker_encoder"
  /// The spectrogram of its input has a Hamming window of 25 ms at 16 kHz and an FFT of 512.
  static let speakerWindowLength = 400
  static let speakerBinCount = 257
  /// The channels of a block divided by those of its squeeze.
  private static let squeezeReduction = 8

  mutating func addSpeakerEncoder() {
    let channels = dimensions.speakerChannels
    addLayer("\(Self.name).conv1", [channels[0], 1, 3, 3])
    addBatchNorm("\(Self.name).bn1", channels[0])
    var inputs = channels[0]
    for (stage, outputs) in channels.enumerated() {
      for block in 0..<dimensions.speakerBlockCounts[stage] {
        let name = "\(Self.name).layer\(stage + 1).\(block)"
        addBlock(name, inputs: inputs, outputs: outputs)
        if block == 0 && (stage > 0 || inputs != outputs) {
          add("\(name).downsample.0.weight", [outputs, inputs, 1, 1])
          addBatchNorm("\(name).downsample.1", outputs)
        }
        inputs = outputs
      }
    }
    add("\(Self.name).torch_spec.0.filter", [1, 1, 2])
    add("\(Self.name).torch_spec.1.spectrogram.window", [Self.speakerWindowLength])
    add("\(Self.name).torch_spec.1.mel_scale.fb", [Self.speakerBinCount, dimensions.speakerMelCount])
    let pooled = dimensions.speakerPooledWidth
    addLayer("\(Self.name).attention.0", [dimensions.speakerAttentionWidth, pooled, 1])
    addBatchNorm("\(Self.name).attention.2", dimensions.speakerAttentionWidth)
    addLayer("\(Self.name).attention.3", [pooled, dimensions.speakerAttentionWidth, 1])
    addLayer("\(Self.name).fc", [dimensions.speakerEmbeddingWidth, 2 * pooled])
  }

  private mutating func addBlock(_ name: String, inputs: Int, outputs: Int) {
    add("\(name).conv1.weight", [outputs, inputs, 3, 3])
    addBatchNorm("\(name).bn1", outputs)
    add("\(name).conv2.weight", [outputs, outputs, 3, 3])
    addBatchNorm("\(name).bn2", outputs)
    addLayer("\(name).se.fc.0", [outputs / Self.squeezeReduction, outputs])
    addLayer("\(name).se.fc.2", [outputs, outputs / Self.squeezeReduction])
  }

  private mutating func addBatchNorm(_ name: String, _ channels: Int) {
    addLayer(name, [channels])
    add("\(name).running_mean", [channels])
    add("\(name).running_var", [channels])
    add("\(name).num_batches_tracked", [])
  }
}
