import Torch

/// One layer's keys and values: `[slots, heads, capacity, head size]` float32 each.
struct KeyValueCache {
  private let keys: Tensor
  private let values: Tensor

  init(slotCount: Int, headCount: Int, capacity: Int, headSize: Int, device: Device) throws(ModelError) {
    let shape = [slotCount, headCount, capacity, headSize]
    do throws(TorchError) {
      keys = try Tensor.zeros(shape, on: device)
      values = try Tensor.zeros(shape, on: device)
    } catch {
      throw ModelError(.backend, "no room for a key and value cache of \(shape): \(error.message)")
    }
  }

  /// Stores `[heads, n, head size]` from `position` on and returns all up to there, `[heads, position + n, head size]`.
  func append(
    keys newKeys: Tensor, values newValues: Tensor, slot: Int, at position: Int, count: Int
  ) throws(TorchError) -> (keys: Tensor, values: Tensor) {
    let range = 0..<(position + count)
    let slotKeys = try keys.narrowed(0, slot..<(slot + 1)).squeezed(0).narrowed(1, range)
    let slotValues = try values.narrowed(0, slot..<(slot + 1)).squeezed(0).narrowed(1, range)
    try slotKeys.narrowed(1, position..<(position + count)).copy(from: newKeys)
    try slotValues.narrowed(1, position..<(position + count)).copy(from: newValues)
    return (slotKeys, slotValues)
  }
}
