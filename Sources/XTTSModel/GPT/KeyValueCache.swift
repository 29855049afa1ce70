import Torch

/// The keys and values of one layer, `[2, slots, heads, capacity + 1, head size]`. The last position is never read:
/// slots without a sequence in a step write there.
struct KeyValueCache {
  let tensor: Tensor

  init(
    slotCount: Int, headCount: Int, capacity: Int, headSize: Int, device: Device, dtype: DType
  ) throws(ModelError) {
    let shape = [2, slotCount, headCount, capacity + 1, headSize]
    do throws(TorchError) {
      tensor = try Tensor.zeros(shape, dtype: dtype, on: device)
    } catch {
      throw ModelError(.backend, "no room for a key and value cache of \(shape): \(error.message)")
    }
  }

  /// Stores `[2, heads, n, head size]` from `position` on, and returns the slot's keys and values up to there, each
  /// `[heads, position + n, head size]`.
  func append(_ fresh: Tensor, slot: Int, at position: Int, count: Int) throws(TorchError) -> (
    keys: Tensor, values: Tensor
  ) {
    let end = position + count
    let stored = try tensor.narrowed(1, slot..<(slot + 1)).squeezed(1).narrowed(2, 0..<end)
    try stored.narrowed(2, position..<end).copy(from: fresh)
    return (try stored.narrowed(0, 0..<1).squeezed(0), try stored.narrowed(0, 1..<2).squeezed(0))
  }
}
