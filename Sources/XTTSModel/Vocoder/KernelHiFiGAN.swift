import CKernels

/// The vocoder's network on the CPU kernels: frames of stretched latents in, samples out, steered by the speaker
/// embedding. Activations are rows of channels; each sample is summed in one fixed order, so it is the same in any
/// window that holds its receptive field.
///
/// Source: Kong, Kim, Bae, "HiFi-GAN", 2020; upstream `HifiganGenerator`.
final class KernelHiFiGAN {
  /// A residual block: pairs of a dilated convolution and a plain one.
  struct Block {
    let pairs: [(dilated: KernelConvolution, plain: KernelConvolution, dilation: Int)]

    /// What an output depends on, in the order of computation.
    var spans: [VocoderReceptiveField.Convolution] {
      pairs.flatMap { [$0.dilated.span(dilation: $0.dilation), $0.plain.span(dilation: 1)] }
    }
  }

  struct Stage {
    let upsampling: KernelConvolution
    /// The speaker's part of the bias, `[channels]` for the embedding; nil where only the first layer sees it.
    let speaker: KernelConvolution?
    let blocks: [Block]
    let stride: Int
    let channels: Int
    /// Output rows of the transposed convolution that lie before the first one.
    var padding: Int { stride / 2 }
  }

  static let edgeReach = 3
  static let slope: Float = 0.1
  /// Upstream leaves the last rectifier's slope at libtorch's default.
  static let lastSlope: Float = 0.01
  /// The published model's; a checkpoint does not hold them.
  private static let dilations = [1, 3, 5]
  private static let prefix = "hifigan_decoder.waveform_decoder"

  let context: KernelContext
  let input: KernelConvolution
  let speaker: KernelConvolution
  let stages: [Stage]
  let output: KernelConvolution
  let receptiveField: VocoderReceptiveField
  /// What the convolutions lie in.
  let memory: KernelMemory
  var speakerSize: Int { speaker.inputs }
  var frameSize: Int { input.inputs }

  init(
    _ weights: ModelWeights, inputSize: Int, conditionsEach: Bool, context: KernelContext, packed: PackedWeights?
  ) throws(ModelError) {
    self.context = context
    let memory: KernelMemory
    if let packed {
      memory = packed.vocoder
    } else {
      memory = try KernelMemory(byteCount: Self.byteLimit(weights), pages: CK_HUGE_PAGES)
    }
    self.memory = memory
    let kernel = 2 * Self.edgeReach + 1
    let stored = { (name: String, shape: [Int?], bias: Int?) throws(ModelError) -> StoredConvolution in
      try StoredConvolution(weights, "\(Self.prefix).\(name)", shape: shape, biasSize: bias)
    }
    let first = try weights.shape(of: "\(Self.prefix).conv_pre.bias").first ?? 0
    input = try KernelConvolution(
      try stored("conv_pre", [first, inputSize, kernel], first), memory: memory, context: context)
    speaker = try KernelConvolution(try stored("cond_layer", [first, nil, 1], first), memory: memory, context: context)
    let stageCount = weights.count(of: "\(Self.prefix).ups", suffixes: ["bias"])
    let blockCount = weights.count(of: "\(Self.prefix).resblocks", suffixes: ["convs1.0.bias"])
    guard stageCount > 0, blockCount > 0, blockCount % stageCount == 0 else {
      throw ModelError(
        .inconsistent, "the vocoder has \(blockCount) residual blocks for \(stageCount) upsampling layers")
    }
    var layers: [VocoderReceptiveField.Layer] = [.convolution(reach: Self.edgeReach)]
    var stages: [Stage] = []
    var channels = first
    for index in 0..<stageCount {
      let width = try weights.shape(of: "\(Self.prefix).ups.\(index).bias").first ?? 0
      let up = try stored("ups.\(index)", [channels, width, nil], width)
      guard up.shape[2] % 4 == 0 else {
        throw ModelError(
          .inconsistent, "\(Self.prefix).ups.\(index) has a kernel of \(up.shape[2]), expected a multiple of 4")
      }
      channels = width
      var blocks: [Block] = []
      for block in (index * blockCount / stageCount)..<((index + 1) * blockCount / stageCount) {
        let name = "\(Self.prefix).resblocks.\(block)"
        blocks.append(try Self.block(weights, name, channels: channels, memory: memory, context: context))
      }
      let condition =
        conditionsEach
        ? try KernelConvolution(
          try stored("conds.\(index)", [width, speaker.inputs, 1], width), memory: memory, context: context)
        : nil
      let stage = Stage(
        upsampling: try KernelConvolution(transposed: up, memory: memory, context: context), speaker: condition,
        blocks: blocks,
        stride: up.shape[2] / 2, channels: channels)
      layers.append(
        .transposedConvolution(kernel: 2 * stage.stride, stride: stage.stride, padding: stage.padding))
      layers.append(.parallel(blocks.map(\.spans)))
      stages.append(stage)
    }
    self.stages = stages
    output = try KernelConvolution(
      try stored("conv_post", [1, channels, kernel], nil), memory: memory, context: context)
    layers.append(.convolution(reach: Self.edgeReach))
    receptiveField = VocoderReceptiveField(layers: layers)
  }

  private static func byteLimit(_ weights: ModelWeights) throws(ModelError) -> Int {
    var limit = 0
    for name in weights.names where name.hasPrefix("\(prefix).") {
      limit += KernelConvolution.byteLimit(shape: try weights.shape(of: name))
    }
    return max(limit, 64)
  }

  private static func block(
    _ weights: ModelWeights, _ name: String, channels: Int, memory: KernelMemory, context: KernelContext
  ) throws(ModelError) -> Block {
    let convolution = { (name: String) throws(ModelError) -> KernelConvolution in
      let stored = try StoredConvolution(
        weights, name, shape: [channels, channels, nil], biasSize: channels)
      guard stored.shape[2] % 2 == 1 else {
        throw ModelError(.inconsistent, "\(name) has a kernel of \(stored.shape[2]), expected an odd one")
      }
      return try KernelConvolution(stored, tiled: true, memory: memory, context: context)
    }
    var pairs: [(dilated: KernelConvolution, plain: KernelConvolution, dilation: Int)] = []
    for (index, dilation) in dilations.enumerated() {
      let dilated = try convolution("\(name).convs1.\(index)")
      let plain = try convolution("\(name).convs2.\(index)")
      pairs.append((dilated, plain, dilation))
    }
    return Block(pairs: pairs)
  }
}
