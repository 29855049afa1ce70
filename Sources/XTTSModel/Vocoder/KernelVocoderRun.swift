import CKernels

/// Runs one window of a sequence through the network: it takes frames, returns the samples that no later frame changes,
/// and stores in the state the rows that later samples need.
struct KernelVocoderRun {
  let network: KernelHiFiGAN
  let state: KernelVocoderState
  let workspace: VocoderWorkspace
  private var buffers: KernelVocoderBuffers { workspace.buffers }
  /// Receives the samples.
  let samples: UnsafeMutablePointer<Float>
  private let firstSample: Int
  private static let edge = KernelHiFiGAN.edgeReach

  init(
    _ network: KernelHiFiGAN, _ state: KernelVocoderState, at workspace: VocoderWorkspace,
    samples: UnsafeMutablePointer<Float>
  ) {
    self.network = network
    self.state = state
    self.workspace = workspace
    self.samples = samples
    firstSample = state.sampleCount
  }

  /// - Parameters:
  ///   - frames: the next frames, `[count, frameSize]`.
  ///   - isEnd: whether these are the last frames.
  func take(_ frames: UnsafePointer<Float>, count: Int, isEnd: Bool) throws(ModelError) {
    var taken = 0
    repeat {
      let part = min(count - taken, buffers.frameCount)
      let start = frames + taken * network.frameSize
      taken += part
      try advance(start, count: part, isEnd: isEnd && taken == count)
    } while taken < count
  }

  /// The number of output rows of a convolution of the edges' size for this number of inputs.
  private func outputs(_ inputs: Int, isEnd: Bool = false) -> Int { isEnd ? inputs : max(0, inputs - Self.edge) }

  /// The inputs of such a convolution that its later outputs need.
  private func kept(_ inputs: Int) -> Range<Int> { (outputs(inputs) - Self.edge)..<inputs }

  private func advance(_ frames: UnsafePointer<Float>, count: Int, isEnd: Bool) throws(ModelError) {
    let start = state.frameCount, end = start + count
    let signal = state.frames.open(kept(start), over: buffers.frames)
    signal.row(start).update(from: frames, count: count * network.frameSize)
    if isEnd { signal.clear(end..<(end + Self.edge)) }
    let input = state.stages[0].input.open(state.rows[0].keptInput, over: buffers.inputs[0])
    let rows = outputs(start)..<outputs(end, isEnd: isEnd)
    try network.input(
      .init(
        input: signal.input(rows.lowerBound - Self.edge), rows: rows.count, bias: buffers.biases[0],
        rectified: input.row(rows.lowerBound), slope: KernelHiFiGAN.slope),
      context: workspace.context)
    if !isEnd { try state.frames.close(signal, kept(end)) }
    state.frameCount = end
    try advance(stage: 0, input, to: rows.upperBound, isEnd: isEnd)
  }

  /// Runs the rows of `input` up to `end` through a stage and all later stages, one block at a time.
  private func advance(stage index: Int, _ input: KernelSignal, to end: Int, isEnd: Bool) throws(ModelError) {
    if isEnd { input.clear(end..<(end + 1)) }
    var isComplete = state.rows[index].input == end && !isEnd
    while !isComplete {
      let next = min(end, state.rows[index].input + buffers.inputRows[index])
      isComplete = next == end
      try step(index, input, to: next, isEnd: isEnd && isComplete)
    }
    if !isEnd { try state.stages[index].input.close(input, state.rows[index].keptInput) }
  }

  private func step(_ index: Int, _ input: KernelSignal, to end: Int, isEnd: Bool) throws(ModelError) {
    let stage = network.stages[index]
    let old = state.rows[index], new = KernelStageRows(stage, input: end, isEnd: isEnd)
    let isLast = index == network.stages.count - 1
    let target =
      isLast
      ? state.output.open(kept(old.output), over: buffers.inputs[index + 1])
      : state.stages[index + 1].input.open(state.rows[index + 1].keptInput, over: buffers.inputs[index + 1])
    let run = KernelStageRun(
      stage, context: workspace.context, tails: state.stages[index], buffers: buffers, from: old, to: new, isEnd: isEnd)
    try run(
      input, bias: buffers.biases[index + 1], into: target,
      slope: isLast ? KernelHiFiGAN.lastSlope : KernelHiFiGAN.slope)
    state.rows[index] = new
    guard isLast else { return try advance(stage: index + 1, target, to: new.output, isEnd: isEnd) }
    if isEnd { target.clear(new.output..<(new.output + Self.edge)) }
    let rows = outputs(old.output)..<outputs(new.output, isEnd: isEnd)
    try network.output(
      .init(
        input: target.input(rows.lowerBound - Self.edge), rows: rows.count, activation: CK_TANH,
        output: samples + (rows.lowerBound - firstSample)),
      context: workspace.context)
    state.sampleCount = rows.upperBound
    if !isEnd { try state.output.close(target, kept(new.output)) }
  }
}
