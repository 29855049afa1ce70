import CKernels

/// The network of the vocoder on the CPU kernels: it converts frames of stretched latents to samples, conditioned on
/// the speaker embedding. Activations are rows of channels. Each value is summed in one fixed order, so it does not
/// depend on how the sequence is cut into windows.
///
/// Source: Kong, Kim, Bae, "HiFi-GAN", 2020; upstream `HifiganGenerator`.
final class KernelHiFiGAN {
  /// A residual block.
  struct Block {
    /// A dilated and a plain convolution; their result is added to the block's sum.
    struct Pair {
      let dilated: KernelConvolution
      let plain: KernelConvolution
      let dilation: Int
      let dilatedSpan: VocoderReceptiveField.Convolution
      let plainSpan: VocoderReceptiveField.Convolution
    }

    let pairs: [Pair]

    /// The inputs that an output depends on, in the order of computation.
    var spans: [VocoderReceptiveField.Convolution] { pairs.flatMap { [$0.dilatedSpan, $0.plainSpan] } }
  }

  struct Stage {
    let upsampling: KernelConvolution
    /// Maps the speaker embedding to its part of the bias, `[channels]`; nil if only the first layer gets the
    /// embedding.
    let speaker: KernelConvolution?
    let blocks: [Block]
    let stride: Int
    let channels: Int
    /// The number of channels of the input.
    var inputs: Int { upsampling.inputs }
    /// The number of output rows of the transposed convolution before the first row of the signal.
    var padding: Int { stride / 2 }

    /// The number of rows beyond an edge that a convolution of this stage or of the next reads, or that the upsampling
    /// writes.
    var margin: Int {
      let reaches = blocks.flatMap(\.spans).map { $0.tile + max($0.before, $0.after) }
      return max(padding, reaches.max() ?? 0, KernelHiFiGAN.edgeReach)
    }

    /// The largest number of rows of a signal that later rows need. The outputs of a convolution lag behind its inputs
    /// by the inputs it reads ahead and by the rest of a tile, and the next outputs read back.
    var keptRows: Int {
      let lags = blocks.map { block in block.spans.reduce(0) { $0 + $1.after + $1.tile - 1 } }
      return (lags.max() ?? 0) + (blocks.flatMap(\.spans).map(\.before).max() ?? 0)
    }
  }

  static let edgeReach = 3
  static let slope: Float = 0.1
  /// Upstream uses libtorch's default for the last rectifier's slope.
  static let lastSlope: Float = 0.01
  /// The values of the published model; a checkpoint does not contain them.
  private static let dilations = [1, 3, 5]
  private static let prefix = "hifigan_decoder.waveform_decoder"

  let input: KernelConvolution
  let speaker: KernelConvolution
  let stages: [Stage]
  let output: KernelConvolution
  let receptiveField: VocoderReceptiveField
  /// The memory of the convolutions.
  let memory: KernelMemory
  var speakerSize: Int { speaker.inputs }
  var frameSize: Int { input.inputs }

  init(
    _ weights: ModelWeights, inputSize: Int, conditionsEach: Bool, context: KernelContext, packed: PackedWeights?
  ) throws(ModelError) {
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
    var pairs: [Block.Pair] = []
    for (index, dilation) in dilations.enumerated() {
      let dilated = try convolution("\(name).convs1.\(index)")
      let plain = try convolution("\(name).convs2.\(index)")
      pairs.append(
        Block.Pair(
          dilated: dilated, plain: plain, dilation: dilation, dilatedSpan: dilated.span(dilation: dilation),
          plainSpan: plain.span(dilation: 1)))
    }
    return Block(pairs: pairs)
  }

  /// Writes the biases for a speaker: the input's, then each stage's. `embedding` is `[speakerSize]`.
  func setSpeaker(_ embedding: UnsafePointer<Float>, at workspace: VocoderWorkspace) throws(ModelError) {
    let context = workspace.context
    let biases = workspace.buffers.biases
    try speaker(
      .init(input: embedding, rows: 1, residual: UnsafePointer(input.bias), output: biases[0]), context: context)
    for (stage, bias) in zip(stages, biases.dropFirst()) {
      bias.update(from: stage.upsampling.bias, count: stage.upsampling.outputs)
      guard let speaker = stage.speaker else { continue }
      for phase in 0..<stage.stride {
        let part = bias + phase * stage.channels
        try speaker(.init(input: embedding, rows: 1, residual: UnsafePointer(part), output: part), context: context)
      }
    }
  }
}
