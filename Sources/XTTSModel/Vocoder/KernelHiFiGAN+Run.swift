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

  private init(start: UnsafeMutablePointer<Float>, channels: Int, margin: Int) {
    self.start = start
    self.channels = channels
    self.margin = margin
  }

  /// The same memory from row `first` on: what lies before it is seen as its margin.
  func dropping(_ first: Int) -> KernelSignal {
    KernelSignal(start: start + first * channels, channels: channels, margin: margin)
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
  /// Samples decoded together and the frames they depend on, both counted from the sequence's start.
  struct Pass {
    let samples: Range<Int>
    let frames: Range<Int>
  }

  /// Rows that any convolution of a stage sees beyond the edge, or that its upsampling writes there.
  func margin(of stage: Stage) -> Int {
    let reaches = stage.blocks.flatMap(\.spans).map { $0.tile + max($0.before, $0.after) }
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

  /// Each stage is given the rows that the samples depend on and no more: of the context in frames, most is needed by
  /// the first stage only.
  ///
  /// - Parameters:
  ///   - frames: the frames of `pass`, put where `frames(_:rows:)` says; at most `buffers.frameCount`.
  ///   - samples: receives the pass's samples.
  func run(
    frames: KernelSignal, _ pass: Pass, _ buffers: KernelVocoderBuffers, samples: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    let needed = receptiveField.inputs(for: pass.samples)
    var present = pass.frames
    var signal = KernelSignal(buffers.signals[1], rows: present.count, channels: input.outputs, margin: 1)
    try input(
      .init(
        input: frames.input(reach: Self.edgeReach), rows: present.count, bias: buffers.biases[0],
        rectified: signal.start, slope: Self.slope),
      context: context)
    // The signal that one stage ends in is what the next begins with: take turns between two buffers.
    for (index, stage) in stages.enumerated() {
      let rows = needed[1 + 2 * index].clamped(to: present)
      signal = signal.dropping(rows.lowerBound - present.lowerBound)
      present = (rows.lowerBound * stage.stride)..<(rows.upperBound * stage.stride)
      let next = index % 2 == 0 ? 0 : 1
      let isLast = index == stages.count - 1
      let following = KernelSignal(
        buffers.signals[next], rows: present.count, channels: stage.channels, margin: Self.edgeReach)
      try run(
        stage, signal, rows: rows, bias: buffers.biases[index + 1], buffers, into: following,
        slope: isLast ? Self.lastSlope : Self.slope)
      signal = following
    }
    signal = signal.dropping(pass.samples.lowerBound - present.lowerBound)
    try output(
      .init(
        input: signal.input(reach: Self.edgeReach), rows: pass.samples.count, activation: CK_TANH, output: samples),
      context: context)
  }

  /// One stage: `signal` upsampled, then the rectified mean of the residual blocks.
  private func run(
    _ stage: Stage, _ signal: KernelSignal, rows inputRows: Range<Int>, bias: UnsafePointer<Float>,
    _ buffers: KernelVocoderBuffers, into target: KernelSignal, slope: Float
  ) throws(ModelError) {
    let rows = inputRows.count * stage.stride
    let firstRow = inputRows.lowerBound * stage.stride
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
        input: signal.input(reach: 1), rows: inputRows.count + 1, bias: bias, output: raw.start - offset,
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
            input: seen.input(reach: pair.dilated.taps / 2 * pair.dilation), firstRow: firstRow, rows: rows,
            dilation: pair.dilation, rectified: inner.start, slope: Self.slope),
          context: context)
        var call = KernelConvolution.Call(
          input: inner.input(reach: pair.plain.taps / 2), firstRow: firstRow, rows: rows,
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
