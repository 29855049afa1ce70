/// The number of computed rows of each signal of a stage after `input` input rows, counted from the sequence's first
/// row. It depends on nothing else, so windows of any size lead to the same rows.
struct KernelStageRows: Equatable {
  /// The rows of a pair of convolutions in a residual block.
  struct Pair: Equatable {
    /// Rows after the dilated convolution.
    var inner: Int
    /// Rows after the plain convolution and the addition.
    var sum: Int
  }

  let input: Int
  let upsampled: Int
  /// `[blocks][pairs]`.
  let pairs: [[Pair]]
  /// Rows after the mean of the blocks.
  let output: Int

  /// - Parameter isEnd: whether the sequence ends after these rows. Then all rows are computed, and the rows beyond
  ///   them are zero.
  init(_ stage: KernelHiFiGAN.Stage, input: Int, isEnd: Bool) {
    self.input = input
    let all = input * stage.stride
    // The last upsampled rows also depend on the next input.
    let upsampled = isEnd ? all : max(0, all - stage.padding)
    self.upsampled = upsampled
    var pairs = stage.blocks.map { block in
      var rows = upsampled
      return block.pairs.map { pair in
        let inner = isEnd ? all : pair.dilatedSpan.certainOutputs(rows)
        rows = isEnd ? all : pair.plainSpan.certainOutputs(inner)
        return Pair(inner: inner, sum: rows)
      }
    }
    // The results of the blocks are added, so the block with the fewest rows limits the others.
    let output = pairs.compactMap(\.last?.sum).min() ?? upsampled
    for block in pairs.indices {
      guard let last = pairs[block].indices.last else { continue }
      pairs[block][last].sum = output
    }
    self.pairs = pairs
    self.output = output
  }

  // MARK: Rows of the signals that later rows need

  /// An upsampled row depends on two inputs.
  var keptInput: Range<Int> { (input - 1)..<input }

  var keptRaw: Range<Int> { (pairs.compactMap(\.first?.sum).min() ?? upsampled)..<upsampled }

  func keptRectified(_ stage: KernelHiFiGAN.Stage) -> Range<Int> {
    let starts = zip(stage.blocks, pairs).compactMap { block, rows in
      rows.first.flatMap { rows in block.pairs.first.map { rows.inner - $0.dilatedSpan.before } }
    }
    return (starts.min() ?? upsampled)..<upsampled
  }

  /// The rows between the convolutions of a pair.
  func keptInner(_ stage: KernelHiFiGAN.Stage, block: Int, pair: Int) -> Range<Int> {
    let rows = pairs[block][pair]
    return (rows.sum - stage.blocks[block].pairs[pair].plainSpan.before)..<rows.inner
  }

  /// The rows before a pair that is not the first one.
  func keptSum(block: Int, pair: Int) -> Range<Int> {
    pairs[block][pair].sum..<pairs[block][pair - 1].sum
  }

  func keptRectifiedSum(_ stage: KernelHiFiGAN.Stage, block: Int, pair: Int) -> Range<Int> {
    let span = stage.blocks[block].pairs[pair].dilatedSpan
    return (pairs[block][pair].inner - span.before)..<pairs[block][pair - 1].sum
  }
}
