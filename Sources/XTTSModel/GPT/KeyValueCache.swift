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
}
