/// Runs one block of rows through one stage: upsampling, then the rectified mean of the residual blocks.
struct KernelStageRun {
  private let stage: KernelHiFiGAN.Stage
  private let context: KernelContext
  private let tails: KernelVocoderState.StageTails
  private let buffers: KernelVocoderBuffers
  private let old: KernelStageRows
  private let new: KernelStageRows
  private let isEnd: Bool
  private static let slope = KernelHiFiGAN.slope

  /// - Parameters:
  ///   - old: the rows that are already computed.
  ///   - new: the rows to reach.
  init(
    _ stage: KernelHiFiGAN.Stage, context: KernelContext, tails: KernelVocoderState.StageTails,
    buffers: KernelVocoderBuffers, from old: KernelStageRows, to new: KernelStageRows, isEnd: Bool
  ) {
    self.stage = stage
    self.context = context
    self.tails = tails
    self.buffers = buffers
    self.old = old
    self.new = new
    self.isEnd = isEnd
  }

  /// - Parameters:
  ///   - input: the rows from the one before `old.input` to `new.input`; at the end of the sequence followed by a zero
  ///     row.
  ///   - target: receives the rows `old.output ..< new.output`.
  func callAsFunction(
    _ input: KernelSignal, bias: UnsafePointer<Float>, into target: KernelSignal, slope: Float
  ) throws(ModelError) {
    let raw = tails.raw.open(old.keptRaw, over: buffers.raw)
    let rectified = tails.rectified.open(old.keptRectified(stage), over: buffers.rectified)
    let first = old.input * stage.stride - stage.padding
    try stage.upsampling(
      .init(
        input: input.input(old.input - 1), rows: new.input - old.input + (isEnd ? 1 : 0), bias: bias,
        output: raw.row(first), rectified: rectified.row(first), slope: Self.slope),
      context: context)
    // The first window begins with rows before the sequence.
    if first < 0 { rectified.clear(min(first, old.keptRectified(stage).lowerBound)..<0) }
    finish(rectified, new.upsampled)
    for index in stage.blocks.indices { try run(block: index, raw, rectified, into: target, slope: slope) }
    guard !isEnd else { return }
    try tails.raw.close(raw, new.keptRaw)
    try tails.rectified.close(rectified, new.keptRectified(stage))
  }

  private func run(
    block index: Int, _ raw: KernelSignal, _ rectified: KernelSignal, into target: KernelSignal, slope: Float
  ) throws(ModelError) {
    let block = stage.blocks[index]
    var sum = raw, rectifiedSum = rectified
    for (place, pair) in block.pairs.enumerated() {
      let (before, after) = (old.pairs[index][place], new.pairs[index][place])
      let tails = tails.blocks[index][place]
      let inner = tails.inner.open(old.keptInner(stage, block: index, pair: place), over: buffers.inner)
      try pair.dilated(
        .init(
          input: rectifiedSum.input(before.inner - pair.dilatedSpan.before), firstRow: before.inner,
          rows: after.inner - before.inner, dilation: pair.dilation, rectified: inner.row(before.inner),
          slope: Self.slope),
        context: context)
      finish(inner, after.inner)
      if !isEnd {
        try tails.rectifiedSum?.close(rectifiedSum, new.keptRectifiedSum(stage, block: index, pair: place))
      }
      var call = KernelConvolution.Call(
        input: inner.input(before.sum - pair.plainSpan.before), firstRow: before.sum, rows: after.sum - before.sum,
        residual: sum.input(before.sum))
      let next = place + 1
      var (nextSum, nextRectifiedSum) = (sum, rectifiedSum)
      if next < block.pairs.count, let sumTail = self.tails.blocks[index][next].sum,
        let rectifiedTail = self.tails.blocks[index][next].rectifiedSum
      {
        nextSum = sumTail.open(old.keptSum(block: index, pair: next), over: buffers.sums[place % 2])
        nextRectifiedSum = rectifiedTail.open(
          old.keptRectifiedSum(stage, block: index, pair: next), over: buffers.rectifiedSum)
        call.output = nextSum.row(before.sum)
        call.rectified = nextRectifiedSum.row(before.sum)
        call.slope = Self.slope
      } else {
        add(&call, block: index, to: target.row(before.sum), slope: slope)
      }
      try pair.plain(call, context: context)
      finish(nextRectifiedSum, after.sum)
      if !isEnd {
        try tails.inner.close(inner, new.keptInner(stage, block: index, pair: place))
        try tails.sum?.close(sum, new.keptSum(block: index, pair: place))
      }
      (sum, rectifiedSum) = (nextSum, nextRectifiedSum)
    }
  }

  /// Adds the result of a block to the sum in `target`; the last block makes it the mean.
  private func add(
    _ call: inout KernelConvolution.Call, block index: Int, to target: UnsafeMutablePointer<Float>, slope: Float
  ) {
    call.sum = index == 0 ? nil : UnsafePointer(target)
    if index == stage.blocks.count - 1 {
      call.gain = 1 / Float(stage.blocks.count)
      call.rectified = target
      call.slope = slope
    } else {
      call.output = target
    }
  }

  /// At the end of the sequence, convolutions read zeros after the last row.
  private func finish(_ signal: KernelSignal, _ rows: Int) {
    if isEnd { signal.clear(rows..<(rows + stage.margin)) }
  }
}
