import Torch

/// The network of the vocoder: it converts frames of stretched latents to samples, conditioned on the speaker
/// embedding.
///
/// Source: Kong, Kim, Bae, "HiFi-GAN", 2020; upstream `HifiganGenerator`. Widths and kernel sizes come from the
/// tensors; the stride of a transposed convolution is half its kernel.
struct HiFiGAN {
  private struct Upsampling {
    let convolution: FoldedConvolution
    let speaker: FoldedConvolution?
    let blocks: [ResidualBlock]
    var stride: Int { convolution.kernel / 2 }
    var padding: Int { (convolution.kernel - stride) / 2 }
  }

  static let prefix = "hifigan_decoder.waveform_decoder"
  private static let edgeKernel = 7

  private let input: FoldedConvolution
  private let speaker: FoldedConvolution
  private let upsamplings: [Upsampling]
  private let output: FoldedConvolution
  private let device: Device
  /// The size of the speaker embedding.
  let speakerSize: Int
  let receptiveField: VocoderReceptiveField

  init(_ weights: ModelWeights, inputSize: Int, conditionsEach: Bool, device: Device) throws(ModelError) {
    self.device = device
    let conv = { (name: String, shape: [Int?], bias: Int?) throws(ModelError) -> FoldedConvolution in
      try FoldedConvolution(weights, "\(Self.prefix).\(name)", shape: shape, biasSize: bias, device: device)
    }
    let first = try weights.shape(of: "\(Self.prefix).conv_pre.bias").first ?? 0
    input = try conv("conv_pre", [first, inputSize, Self.edgeKernel], first)
    speaker = try conv("cond_layer", [first, nil, 1], first)
    speakerSize = speaker.weight.shape[1]
    let stageCount = weights.count(of: "\(Self.prefix).ups", suffixes: ["bias"])
    let blockCount = weights.count(of: "\(Self.prefix).resblocks", suffixes: ["convs1.0.bias"])
    guard stageCount > 0, blockCount > 0, blockCount % stageCount == 0 else {
      throw ModelError(
        .inconsistent, "the vocoder has \(blockCount) residual blocks for \(stageCount) upsampling layers")
    }
    var layers: [VocoderReceptiveField.Layer] = [.convolution(reach: Self.edgeKernel / 2)]
    var upsamplings: [Upsampling] = []
    var channels = first
    for stage in 0..<stageCount {
      let width = try weights.shape(of: "\(Self.prefix).ups.\(stage).bias").first ?? 0
      let up = try conv("ups.\(stage)", [channels, width, nil], width)
      guard up.kernel % 4 == 0 else {
        throw ModelError(
          .inconsistent, "\(Self.prefix).ups.\(stage) has a kernel of \(up.kernel), expected a multiple of 4")
      }
      channels = width
      var blocks: [ResidualBlock] = []
      for block in (stage * blockCount / stageCount)..<((stage + 1) * blockCount / stageCount) {
        let name = "\(Self.prefix).resblocks.\(block)"
        blocks.append(try ResidualBlock(weights, name, channels: channels, device: device))
      }
      let condition = conditionsEach ? try conv("conds.\(stage)", [width, speakerSize, 1], width) : nil
      let upsampling = Upsampling(convolution: up, speaker: condition, blocks: blocks)
      layers.append(
        .transposedConvolution(kernel: up.kernel, stride: upsampling.stride, padding: upsampling.padding))
      layers.append(.convolution(reach: blocks.map(\.reach).max() ?? 0))
      upsamplings.append(upsampling)
    }
    self.upsamplings = upsamplings
    output = try conv("conv_post", [1, channels, Self.edgeKernel], nil)
    layers.append(.convolution(reach: Self.edgeKernel / 2))
    receptiveField = VocoderReceptiveField(layers: layers)
  }

  /// - Parameters:
  ///   - frames: `[batch, inputSize, n]`.
  ///   - embedding: `[batch, speakerSize, 1]`.
  /// - Returns: `[batch, 1, n × samplesPerFrame]`.
  func callAsFunction(_ frames: Tensor, embedding: Tensor) throws(TorchError) -> Tensor {
    var x = try frames.convolved1D(weight: input.weight, bias: input.bias, padding: Self.edgeKernel / 2)
    try x.add(try embedding.convolved1D(weight: speaker.weight, bias: speaker.bias))
    for stage in upsamplings {
      try x.applyLeakyRelu(slope: ResidualBlock.slope)
      x = try x.transposeConvolved1D(
        weight: stage.convolution.weight, bias: stage.convolution.bias, stride: stage.stride, padding: stage.padding)
      if let speaker = stage.speaker {
        try x.add(try embedding.convolved1D(weight: speaker.weight, bias: speaker.bias))
      }
      x = try mean(of: stage.blocks, x)
    }
    // Upstream uses libtorch's default for this slope.
    try x.applyLeakyRelu(slope: 0.01)
    x = try x.convolved1D(weight: output.weight, padding: Self.edgeKernel / 2)
    try x.applyTanh()
    return x
  }

  private func mean(of blocks: [ResidualBlock], _ x: Tensor) throws(TorchError) -> Tensor {
    var sum: Tensor?
    for block in blocks {
      let output = try block(x)
      if let sum { try sum.add(output) } else { sum = output }
    }
    guard let sum else { return x }
    try sum.divide(by: Double(blocks.count))
    return sum
  }
}
