import CKernels

/// Rows of channels without gaps, with zero rows before and after that convolutions see beyond the edges.
struct KernelSignal {
  /// Row 0.
  let start: UnsafeMutablePointer<Float>
  let channels: Int
  let margin: Int

  /// Lays the signal over `memory`, zeroing its margins.
  init(_ memory: UnsafeMutablePointer<Float>, rows: Int, channels: Int, margin: Int) {
    start = memory + margin * channels
    self.channels = channels
    self.margin = margin
    clearMargins(rows: rows)
  }

  func clearMargins(rows: Int) {
    (start - margin * channels).update(repeating: 0, count: margin * channels)
    (start + rows * channels).update(repeating: 0, count: margin * channels)
  }

  /// The row that the first tap of a convolution sees for output row 0.
  func input(reach: Int) -> UnsafePointer<Float> { UnsafePointer(start - reach * channels) }
}

/// What the network works on: six signals, each large enough for any stage.
final class KernelVocoderBuffers {
  /// Most frames decoded in one pass.
  let frameCount: Int
  let signals: [UnsafeMutablePointer<Float>]
  /// Biases with the speaker's part in them.
  let biases: [UnsafeMutablePointer<Float>]
  private let memory: KernelMemory

  init(_ network: KernelHiFiGAN, frameCount: Int) throws(ModelError) {
    self.frameCount = frameCount
    var rows = frameCount
    var size = (rows + 2 * KernelHiFiGAN.edgeReach) * max(network.frameSize, network.input.outputs)
    var biasSizes = [network.input.outputs]
    for stage in network.stages {
      rows *= stage.stride
      size = max(size, (rows + 2 * network.margin(of: stage)) * stage.channels)
      biasSizes.append(stage.upsampling.outputs)
    }
    let biasBytes = biasSizes.reduce(0) { $0 + KernelMemory.byteCount(floats: $1 + 15) }
    memory = try KernelMemory(
      byteCount: Self.signalCount * KernelMemory.byteCount(floats: size) + biasBytes, pages: CK_SMALL_PAGES)
    var signals: [UnsafeMutablePointer<Float>] = []
    for _ in 0..<Self.signalCount { signals.append(try memory.takeFloats(size)) }
    self.signals = signals
    var biases: [UnsafeMutablePointer<Float>] = []
    for size in biasSizes { biases.append(try memory.takeFloats(size + 15)) }
    self.biases = biases
  }

  private static let signalCount = 6
}

extension KernelHiFiGAN {
  /// Rows that any convolution of a stage sees beyond the edge, or that its upsampling writes there.
  func margin(of stage: Stage) -> Int {
    let reaches = stage.blocks.flatMap(\.pairs).map { max($0.dilated.taps / 2 * $0.dilation, $0.plain.taps / 2) }
    return max(stage.padding, reaches.max() ?? 0, Self.edgeReach)
  }

  /// Sets the speaker for the frames that follow. `embedding` is `[speakerSize]`.
  func setSpeaker(_ embedding: UnsafePointer<Float>, _ buffers: KernelVocoderBuffers) throws(ModelError) {
    try speaker(
      .init(input: embedding, rows: 1, residual: UnsafePointer(input.bias), output: buffers.biases[0]),
      context: context)
    for (stage, bias) in zip(stages, buffers.biases.dropFirst()) {
      bias.update(from: stage.upsampling.bias, count: stage.upsampling.outputs)
      guard let speaker = stage.speaker else { continue }
      for phase in 0..<stage.stride {
        let part = bias + phase * stage.channels
        try speaker(.init(input: embedding, rows: 1, residual: UnsafePointer(part), output: part), context: context)
      }
    }
  }

  /// Where the frames of a pass are put before `run`: `[rows, frameSize]`.
  func frames(_ buffers: KernelVocoderBuffers, rows: Int) -> KernelSignal {
    KernelSignal(buffers.signals[0], rows: rows, channels: frameSize, margin: Self.edgeReach)
  }

  /// - Parameters:
  ///   - frames: at most `buffers.frameCount` rows, put where `frames(_:rows:)` says.
  ///   - samples: receives `rows × samplesPerFrame`.
  func run(
    frames: KernelSignal, rows frameCount: Int, _ buffers: KernelVocoderBuffers,
    samples: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    var rows = frameCount
    var signal = KernelSignal(buffers.signals[1], rows: rows, channels: input.outputs, margin: 1)
    try input(
      .init(
        input: frames.input(reach: Self.edgeReach), rows: rows, bias: buffers.biases[0], rectified: signal.start,
        slope: Self.slope),
      context: context)
    // The signal that one stage ends in is what the next begins with: take turns between two buffers.
    for (index, stage) in stages.enumerated() {
      let next = index % 2 == 0 ? 0 : 1
      let isLast = index == stages.count - 1
      let following = KernelSignal(
        buffers.signals[next], rows: rows * stage.stride, channels: stage.channels, margin: Self.edgeReach)
      try run(
        stage, signal, rows: rows, bias: buffers.biases[index + 1], buffers, into: following,
        slope: isLast ? Self.lastSlope : Self.slope)
      signal = following
      rows *= stage.stride
    }
    try output(
      .init(input: signal.input(reach: Self.edgeReach), rows: rows, activation: CK_TANH, output: samples),
      context: context)
  }

  /// One stage: `signal` upsampled, then the rectified mean of the residual blocks.
  private func run(
    _ stage: Stage, _ signal: KernelSignal, rows inputRows: Int, bias: UnsafePointer<Float>,
    _ buffers: KernelVocoderBuffers, into target: KernelSignal, slope: Float
  ) throws(ModelError) {
    let rows = inputRows * stage.stride
    let margin = margin(of: stage)
    let make = { (memory: UnsafeMutablePointer<Float>) in
      KernelSignal(memory, rows: rows, channels: stage.channels, margin: margin)
    }
    // `target` lies in one of the first two buffers, `signal` in the other, which is free after the upsampling.
    let raw = make(buffers.signals[2])
    let rectified = make(buffers.signals[3])
    let offset = stage.padding * stage.channels
    try stage.upsampling(
      .init(
        input: signal.input(reach: 1), rows: inputRows + 1, bias: bias, output: raw.start - offset,
        rectified: rectified.start - offset, slope: Self.slope),
      context: context)
    rectified.clearMargins(rows: rows)
    let inner = make(buffers.signals[4])
    let state = make(buffers.signals[5])
    let free = target.start == buffers.signals[0] + target.margin * target.channels ? 1 : 0
    let stateRectified = make(buffers.signals[free])
    for (index, block) in stage.blocks.enumerated() {
      let isFirstBlock = index == 0, isLastBlock = index == stage.blocks.count - 1
      for (pairIndex, pair) in block.pairs.enumerated() {
        let isFirst = pairIndex == 0, isLast = pairIndex == block.pairs.count - 1
        let seen = isFirst ? rectified : stateRectified
        try pair.dilated(
          .init(
            input: seen.input(reach: pair.dilated.taps / 2 * pair.dilation), rows: rows, dilation: pair.dilation,
            rectified: inner.start, slope: Self.slope),
          context: context)
        var call = KernelConvolution.Call(
          input: inner.input(reach: pair.plain.taps / 2), rows: rows,
          residual: UnsafePointer(isFirst ? raw.start : state.start))
        if !isLast {
          call.output = state.start
          call.rectified = stateRectified.start
          call.slope = Self.slope
        } else {
          // The blocks' sum grows where the stage ends.
          call.sum = isFirstBlock ? nil : UnsafePointer(target.start)
          if isLastBlock {
            call.gain = 1 / Float(stage.blocks.count)
            call.rectified = target.start
            call.slope = slope
          } else {
            call.output = target.start
          }
        }
        try pair.plain(call, context: context)
      }
    }
  }
}
