/// The convolutions of the vocoder's network in the mapped file, with checked shapes. Both vocoders are built from them.
///
/// Source: Kong, Kim, Bae, "HiFi-GAN", 2020; upstream `HifiganGenerator`. Widths and kernel sizes come from the tensors;
/// the stride of a transposed convolution is half its kernel.
struct HiFiGANWeights {
  /// A dilated and a plain convolution of a residual block, both `[channels, channels, odd kernel]`.
  typealias Pair = (dilated: StoredConvolution, plain: StoredConvolution, dilation: Int)

  struct Stage {
    /// `[inputs, channels, kernel]`, transposed.
    let upsampling: StoredConvolution
    /// `[channels, speaker, 1]`; nil if only the first layer gets the speaker embedding.
    let speaker: StoredConvolution?
    /// Residual blocks (HiFi-GAN's type 1), whose results are averaged.
    let blocks: [[Pair]]
    let channels: Int
    var stride: Int { upsampling.shape[2] / 2 }
    /// The number of output rows of the transposed convolution before the first row of the signal.
    var padding: Int { stride / 2 }
  }

  static let prefix = "hifigan_decoder.waveform_decoder"
  /// The number of inputs on either side of an output of the first and the last convolution.
  static let edgeReach = 3
  /// The values of the published model; a checkpoint does not contain them.
  private static let dilations = [1, 3, 5]

  /// `[first width, inputSize, kernel]`.
  let input: StoredConvolution
  /// `[first width, speaker, 1]`.
  let speaker: StoredConvolution
  let stages: [Stage]
  /// `[1, last width, kernel]`, without a bias.
  let output: StoredConvolution

  /// - Parameter conditionsEach: whether each stage gets the speaker embedding.
  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  init(_ weights: ModelWeights, inputSize: Int, conditionsEach: Bool) throws(ModelError) {
    let kernel = 2 * Self.edgeReach + 1
    let stored = { (name: String, shape: [Int?], bias: Int?) throws(ModelError) -> StoredConvolution in
      try StoredConvolution(weights, "\(Self.prefix).\(name)", shape: shape, biasSize: bias)
    }
    var channels = try weights.shape(of: "\(Self.prefix).conv_pre.bias").first ?? 0
    input = try stored("conv_pre", [channels, inputSize, kernel], channels)
    speaker = try stored("cond_layer", [channels, nil, 1], channels)
    let stageCount = weights.count(of: "\(Self.prefix).ups", suffixes: ["bias"])
    let blockCount = weights.count(of: "\(Self.prefix).resblocks", suffixes: ["convs1.0.bias"])
    guard stageCount > 0, blockCount > 0, blockCount % stageCount == 0 else {
      throw ModelError(
        .inconsistent, "the vocoder has \(blockCount) residual blocks for \(stageCount) upsampling layers")
    }
    var stages: [Stage] = []
    for index in 0..<stageCount {
      let width = try weights.shape(of: "\(Self.prefix).ups.\(index).bias").first ?? 0
      let up = try stored("ups.\(index)", [channels, width, nil], width)
      guard up.shape[2] % 4 == 0 else {
        throw ModelError(
          .inconsistent, "\(Self.prefix).ups.\(index) has a kernel of \(up.shape[2]), expected a multiple of 4")
      }
      channels = width
      var blocks: [[Pair]] = []
      for block in (index * blockCount / stageCount)..<((index + 1) * blockCount / stageCount) {
        blocks.append(try Self.block(weights, "\(Self.prefix).resblocks.\(block)", channels: width))
      }
      let condition = conditionsEach ? try stored("conds.\(index)", [width, speaker.shape[1], 1], width) : nil
      stages.append(Stage(upsampling: up, speaker: condition, blocks: blocks, channels: width))
    }
    self.stages = stages
    output = try stored("conv_post", [1, channels, kernel], nil)
  }

  private static func block(_ weights: ModelWeights, _ name: String, channels: Int) throws(ModelError) -> [Pair] {
    let convolution = { (name: String) throws(ModelError) -> StoredConvolution in
      let stored = try StoredConvolution(weights, name, shape: [channels, channels, nil], biasSize: channels)
      guard stored.shape[2] % 2 == 1 else {
        throw ModelError(.inconsistent, "\(name) has a kernel of \(stored.shape[2]), expected an odd one")
      }
      return stored
    }
    var pairs: [Pair] = []
    for (index, dilation) in dilations.enumerated() {
      pairs.append(
        (try convolution("\(name).convs1.\(index)"), try convolution("\(name).convs2.\(index)"), dilation))
    }
    return pairs
  }
}
