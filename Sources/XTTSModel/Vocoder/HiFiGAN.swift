import Torch

/// The network of the vocoder on libtorch: it converts frames of stretched latents to samples, conditioned on the speaker
/// embedding.
struct HiFiGAN {
  private struct Stage {
    let upsampling: FoldedConvolution
    let speaker: FoldedConvolution?
    let blocks: [ResidualBlock]
    let stride: Int
    let padding: Int
  }

  private let input: FoldedConvolution
  private let speaker: FoldedConvolution
  private let stages: [Stage]
  private let output: FoldedConvolution
  /// The size of the speaker embedding.
  let speakerSize: Int
  let receptiveField: VocoderReceptiveField

  init(_ weights: HiFiGANWeights, device: Device) throws(ModelError) {
    input = try FoldedConvolution(weights.input, device: device)
    speaker = try FoldedConvolution(weights.speaker, device: device)
    speakerSize = weights.speaker.shape[1]
    var layers: [VocoderReceptiveField.Layer] = [.convolution(reach: HiFiGANWeights.edgeReach)]
    var stages: [Stage] = []
    for stage in weights.stages {
      var blocks: [ResidualBlock] = []
      for pairs in stage.blocks { blocks.append(try ResidualBlock(pairs, device: device)) }
      stages.append(
        Stage(
          upsampling: try FoldedConvolution(stage.upsampling, device: device),
          speaker: try stage.speaker.map { speaker throws(ModelError) in
            try FoldedConvolution(speaker, device: device)
          }, blocks: blocks, stride: stage.stride, padding: stage.padding))
      layers.append(
        .transposedConvolution(kernel: 2 * stage.stride, stride: stage.stride, padding: stage.padding))
      layers.append(.convolution(reach: blocks.map(\.reach).max() ?? 0))
    }
    self.stages = stages
    output = try FoldedConvolution(weights.output, device: device)
    layers.append(.convolution(reach: HiFiGANWeights.edgeReach))
    receptiveField = VocoderReceptiveField(layers: layers)
  }

  /// - Parameters:
  ///   - frames: `[batch, inputSize, n]`.
  ///   - embedding: `[batch, speakerSize, 1]`.
  /// - Returns: `[batch, 1, n × samplesPerFrame]`.
  func callAsFunction(_ frames: Tensor, embedding: Tensor) throws(TorchError) -> Tensor {
    var x = try frames.convolved1D(weight: input.weight, bias: input.bias, padding: HiFiGANWeights.edgeReach)
    try x.add(try embedding.convolved1D(weight: speaker.weight, bias: speaker.bias))
    for stage in stages {
      try x.applyLeakyRelu(slope: ResidualBlock.slope)
      x = try x.transposeConvolved1D(
        weight: stage.upsampling.weight, bias: stage.upsampling.bias, stride: stage.stride, padding: stage.padding)
      if let speaker = stage.speaker {
        try x.add(try embedding.convolved1D(weight: speaker.weight, bias: speaker.bias))
      }
      x = try mean(of: stage.blocks, x)
    }
    // Upstream uses libtorch's default for this slope.
    try x.applyLeakyRelu(slope: 0.01)
    x = try x.convolved1D(weight: output.weight, padding: HiFiGANWeights.edgeReach)
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
