import CKernels

/// Keys and values of all slots and layers, stored per slot, so that sequences cannot affect each other. Pages that
/// were never written occupy no memory, so a slot costs as much as its longest sequence needed.
final class KernelCache {
  let layout: ck_cache_layout
  private let base: UnsafeMutableRawPointer
  private let memory: KernelMemory
  let layerCount: Int
  /// The size of the keys of one layer of one slot; the values have the same size.
  private let byteCount: Int

  init(
    type: ck_cache_type, slotCount: Int, layerCount: Int, headCount: Int, headSize: Int, capacity: Int
  ) throws(ModelError) {
    var layout = ck_cache_layout(
      type: type, heads: Int32(clamping: headCount), head_size: Int32(clamping: headSize),
      capacity: Int32(clamping: (capacity + 15) / 16 * 16))
    byteCount = ck_cache_byte_count(&layout)
    guard byteCount > 0 else {
      throw ModelError(
        .invalidArgument,
        "a cache of \(headCount) heads of \(headSize) for \(capacity) positions is out of the kernels' range")
    }
    self.layout = layout
    self.layerCount = layerCount
    let (total, overflows) = (2 * byteCount).multipliedReportingOverflow(by: slotCount * layerCount)
    guard !overflows else { throw ModelError(.invalidArgument, "\(slotCount) slots are too many") }
    memory = try KernelMemory(byteCount: total, pages: CK_SMALL_PAGES)
    base = try memory.take(total)
  }

  struct Place {
    var slot: Int
    var position: Int
  }

  func row(_ place: Place, layer: Int) -> ck_cache_row {
    let keys = base + (place.slot * layerCount + layer) * 2 * byteCount
    return ck_cache_row(keys: keys, values: keys + byteCount, position: Int32(place.position))
  }
}

/// The buffers of a pass through the layers, allocated once.
final class KernelBuffers {
  /// `[rows, hidden]`: the residual stream.
  let states: KernelRows
  /// `[rows, hidden]`.
  let normalized: KernelRows
  /// `[rows, 3 hidden]`.
  let projections: KernelRows
  /// `[rows, hidden]`.
  let attended: KernelRows
  /// `[rows, feed-forward]`.
  let inner: KernelRows
  let places: UnsafeMutablePointer<KernelCache.Place>
  let rows: UnsafeMutablePointer<ck_cache_row>
  private let memory: KernelMemory

  init(rows count: Int, hiddenSize: Int, feedForwardSize: Int) throws(ModelError) {
    let widths = [hiddenSize, hiddenSize, 3 * hiddenSize, hiddenSize, feedForwardSize]
    let floats = widths.reduce(0) { $0 + KernelRows.byteCount(rows: count, width: $1) }
    let places = KernelMemory.padded(count * MemoryLayout<KernelCache.Place>.stride)
    let rows = KernelMemory.padded(count * MemoryLayout<ck_cache_row>.stride)
    memory = try KernelMemory(byteCount: floats + places + rows, pages: CK_SMALL_PAGES)
    states = try KernelRows(memory, rows: count, width: hiddenSize)
    normalized = try KernelRows(memory, rows: count, width: hiddenSize)
    projections = try KernelRows(memory, rows: count, width: 3 * hiddenSize)
    attended = try KernelRows(memory, rows: count, width: hiddenSize)
    inner = try KernelRows(memory, rows: count, width: feedForwardSize)
    self.places = try memory.take(places).bindMemory(to: KernelCache.Place.self, capacity: count)
    self.rows = try memory.take(rows).bindMemory(to: ck_cache_row.self, capacity: count)
  }

  func setPlace(_ row: Int, slot: Int, position: Int) {
    places[row] = KernelCache.Place(slot: slot, position: position)
  }
}
