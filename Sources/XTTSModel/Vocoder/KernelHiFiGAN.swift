import CKernels

/// The network of the vocoder on the CPU kernels: it converts frames of stretched latents to samples, conditioned on
/// the speaker embedding. Activations are rows of channels. Each value is summed in one fixed order, so it does not
/// depend on how the sequence is cut into windows.
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

      init(dilated: KernelConvolution, plain: KernelConvolution, dilation: Int) {
        self.dilated = dilated
        self.plain = plain
        self.dilation = dilation
        dilatedSpan = dilated.span(dilation: dilation)
        plainSpan = plain.span(dilation: 1)
      }
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

  static let edgeReach = HiFiGANWeights.edgeReach
  static let slope: Float = 0.1
  /// Upstream uses libtorch's default for the last rectifier's slope.
  static let lastSlope: Float = 0.01

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
    let stored = try HiFiGANWeights(weights, inputSize: inputSize, conditionsEach: conditionsEach)
    let convolution = { (stored: StoredConvolution, tiled: Bool) throws(ModelError) -> KernelConvolution in
      try KernelConvolution(stored, tiled: tiled, memory: memory, context: context)
    }
    input = try convolution(stored.input, false)
    speaker = try convolution(stored.speaker, false)
    var layers: [VocoderReceptiveField.Layer] = [.convolution(reach: Self.edgeReach)]
    var stages: [Stage] = []
    for stage in stored.stages {
      let blocks = try stage.blocks.map { pairs throws(ModelError) in
        Block(
          pairs: try pairs.map { pair throws(ModelError) in
            Block.Pair(
              dilated: try convolution(pair.dilated, true), plain: try convolution(pair.plain, true),
              dilation: pair.dilation)
          })
      }
      let condition = try stage.speaker.map { speaker throws(ModelError) in try convolution(speaker, false) }
      let upsampling = try KernelConvolution(transposed: stage.upsampling, memory: memory, context: context)
      stages.append(
        Stage(
          upsampling: upsampling, speaker: condition, blocks: blocks, stride: stage.stride, channels: stage.channels))
      layers.append(
        .transposedConvolution(kernel: 2 * stage.stride, stride: stage.stride, padding: stage.padding))
      layers.append(.parallel(blocks.map(\.spans)))
    }
    self.stages = stages
    output = try convolution(stored.output, false)
    layers.append(.convolution(reach: Self.edgeReach))
    receptiveField = VocoderReceptiveField(layers: layers)
  }

  private static func byteLimit(_ weights: ModelWeights) throws(ModelError) -> Int {
    var limit = 0
    for name in weights.names where name.hasPrefix("\(HiFiGANWeights.prefix).") {
      limit += KernelConvolution.byteLimit(shape: try weights.shape(of: name))
    }
    return max(limit, 64)
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
