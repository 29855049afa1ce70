/// How many rows of each signal of a stage are computed, counted from the sequence's first, once `input` rows have come
/// in. Depends on nothing else: windows of any size lead to the same rows.
struct KernelStageRows: Equatable {
  /// Of a pair of convolutions in a residual block.
  struct Pair: Equatable {
    /// After the dilated convolution.
    var inner: Int
    /// After the plain one and the addition.
    var sum: Int
  }

  let input: Int
  let upsampled: Int
  /// `[blocks][pairs]`.
  let pairs: [[Pair]]
  /// After the mean of the blocks.
  let output: Int

  /// - Parameter isEnd: the sequence has no further rows; then all are computed, and what lies beyond is zero.
  init(_ stage: KernelHiFiGAN.Stage, input: Int, isEnd: Bool) {
    self.input = input
    let all = input * stage.stride
    // The last upsampled rows mix in the input that follows.
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
    // The blocks are added, so those that could go on wait for the slowest.
    let output = pairs.compactMap(\.last?.sum).min() ?? upsampled
    for block in pairs.indices {
      guard let last = pairs[block].indices.last else { continue }
      pairs[block][last].sum = output
    }
    self.pairs = pairs
    self.output = output
  }

  // MARK: What later rows need of the signals: all from here on.

  /// An upsampled row mixes two inputs.
  var keptInput: Range<Int> { (input - 1)..<input }

  var keptRaw: Range<Int> { (pairs.compactMap(\.first?.sum).min() ?? upsampled)..<upsampled }

  func keptRectified(_ stage: KernelHiFiGAN.Stage) -> Range<Int> {
    let starts = zip(stage.blocks, pairs).compactMap { block, rows in
      rows.first.flatMap { rows in block.pairs.first.map { rows.inner - $0.dilatedSpan.before } }
    }
    return (starts.min() ?? upsampled)..<upsampled
  }

  /// Between the convolutions of a pair.
  func keptInner(_ stage: KernelHiFiGAN.Stage, block: Int, pair: Int) -> Range<Int> {
    let rows = pairs[block][pair]
    return (rows.sum - stage.blocks[block].pairs[pair].plainSpan.before)..<rows.inner
  }

  /// Before a pair that is not the first.
  func keptSum(block: Int, pair: Int) -> Range<Int> {
    pairs[block][pair].sum..<pairs[block][pair - 1].sum
  }

  func keptRectifiedSum(_ stage: KernelHiFiGAN.Stage, block: Int, pair: Int) -> Range<Int> {
    let span = stage.blocks[block].pairs[pair].dilatedSpan
    return (pairs[block][pair].inner - span.before)..<pairs[block][pair - 1].sum
  }
}
