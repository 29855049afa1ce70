import Torch

/// Maps audio to a vector that identifies the speaker: mel frames, a residual network with squeeze-and-excitation,
/// attentive statistics pooling, and a projection that is normalised to length 1.
///
/// Source: Heo et al., "Clova baseline system", 2020 (H/ASP); upstream `ResNetSpeakerEncoder`.
struct SpeakerEncoder {
  /// The sample rate of the input in hertz.
  static let sampleRate = 16_000
  private static let prefix = "hifigan_decoder.speaker_encoder"
  /// The tensor with one row per value of the embedding.
  static let outputName = "\(prefix).fc.weight"

  private let mel: SpeakerMel
  private let input: FlatConvolution
  private let inputNorm: BatchNorm
  private let blocks: [ResidualSpeakerBlock]
  private let pooling: AttentiveStatisticsPooling
  private let projection: (weight: Tensor, bias: Tensor)

  init(_ weights: ModelWeights, device: Device) throws(ModelError) {
    mel = try SpeakerMel(weights, "\(Self.prefix).torch_spec", device: device)
    input = try FlatConvolution(
      weights, "\(Self.prefix).conv1", shape: [nil, 1, 3, 3], hasBias: true, stride: 1, device: device)
    inputNorm = try BatchNorm(weights, "\(Self.prefix).bn1", size: input.outputCount, device: device)
    var blocks: [ResidualSpeakerBlock] = []
    var channels = input.outputCount
    for layer in 1...4 {
      let name = "\(Self.prefix).layer\(layer)"
      let count = weights.count(of: name, suffixes: ["conv1.weight"])
      for index in 0..<count {
        let stride = layer > 1 && index == 0 ? 2 : 1
        let block = try ResidualSpeakerBlock(
          weights, "\(name).\(index)", inputs: channels, stride: stride, device: device)
        channels = block.outputCount
        blocks.append(block)
      }
    }
    self.blocks = blocks
    // The strided convolutions halve the height three times and round up.
    let height = (0..<3).reduce(mel.bandCount) { size, _ in (size + 1) / 2 }
    pooling = try AttentiveStatisticsPooling(
      weights, "\(Self.prefix).attention", size: channels * height, device: device)
    projection = (
      try weights.stored(Self.outputName, [nil, 2 * channels * height]).tensor(on: device),
      try weights.stored("\(Self.prefix).fc.bias", [nil]).tensor(on: device)
    )
  }

  /// The size of the embedding.
  var outputCount: Int { projection.weight.shape[0] }

  /// Maps `[samples]` at 16 kHz to `[outputCount]`, a vector of length 1.
  func callAsFunction(_ samples: Tensor) throws(TorchError) -> Tensor {
    let features = try (try mel(samples) + 1e-6).logarithm().instanceNorm().unsqueezed(1)
    let first = try input(features)
    try first.applyRelu()
    var x = try inputNorm(first)
    for block in blocks { x = try block(x) }
    let shape = x.shape
    let pooled = try pooling(try x.reshaped([1, shape[1] * shape[2], shape[3]]))
    let embedding = try pooled.linear(weight: projection.weight, bias: projection.bias)
    let length = try embedding.norm(over: [1]).clamped(minimum: 1e-12)
    return try (embedding / length).squeezed(0)
  }
}
