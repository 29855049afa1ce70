import CTorch

/// The steps of autoregressive decoding over a cache of keys and values, `[2, slots, heads, positions, head size]`.
extension Tensor {
  /// Writes to this cache: `[2, rows, heads, head size]`, one position per row, in the slots from `firstSlot` on.
  /// - Parameter positions: `[rows]` int64.
  public func writeCache(_ fresh: Tensor, firstSlot: Int, positions: Tensor) throws(TorchError) {
    try TorchError.check(ct.cache_write(handle, fresh.handle, Int64(firstSlot), positions.handle))
  }

  /// Writes to this cache: `[2, prompts, heads, n, head size]`, from each slot's start on.
  /// - Parameter slots: `[prompts]` int64, all different.
  public func fillCache(_ fresh: Tensor, slots: Tensor) throws(TorchError) {
    try TorchError.check(ct.cache_fill(handle, fresh.handle, slots.handle))
  }

  /// Maps positions, `[rows]` int64, to `[rows × heads, 1, length]`: zero up to a row's position, minus infinity after it.
  public func positionMask(length: Int, heads: Int, dtype: DType) throws(TorchError) -> Tensor {
    try Self.make { ct.position_mask(handle, Int64(length), Int64(heads), dtype.code, $0) }
  }

  /// Queries `[rows, heads, head size]`, one per slot from `firstSlot` on, against the first `length` positions of their
  /// slots: `[rows, heads × head size]`.
  /// - Parameter mask: the result of ``positionMask(length:heads:dtype:)``.
  public func attention(
    to cache: Tensor, firstSlot: Int, length: Int, mask: Tensor, scale: Double
  ) throws(TorchError) -> Tensor {
    try Self.make { out in
      ct.cached_attention(handle, cache.handle, Int64(firstSlot), Int64(length), mask.handle, scale, out)
    }
  }

  /// Columns of the `controls` of ``drawnCodes(used:controls:)``.
  public enum DrawControl: Int, CaseIterable, Sendable {
    /// Scores of used codes are divided by it, or multiplied where negative; 1 changes nothing.
    case penalty
    /// Scores are divided by it.
    case temperature
    /// Codes that stay: from 1 to all.
    case topK
    /// Share of the least likely codes that go; negative leaves all.
    case dropped
    /// A uniform random number in 0..<1.
    case uniform
    /// Not 0: the best score after the penalty is taken.
    case greedy
    /// A code that is never drawn, or -1.
    case suppressed
  }

  /// Maps logits, `[rows, codes]` float32, to the next code of each row, `[rows, 1]` float32; -1 where a logit is not
  /// finite.
  /// - Parameters:
  ///   - used: `[rows, codes]` bool: codes that the penalty is for.
  ///   - controls: `[rows, DrawControl.allCases.count]` float64.
  public func drawnCodes(used: Tensor, controls: Tensor) throws(TorchError) -> Tensor {
    try Self.make { ct.draw_codes(handle, used.handle, controls.handle, $0) }
  }

  /// Sets one column per row of a bool tensor `[rows, n]`.
  /// - Parameter columns: `[rows, 1]` int64.
  public func mark(_ columns: Tensor) throws(TorchError) {
    try TorchError.check(ct.mark(handle, columns.handle))
  }
}
