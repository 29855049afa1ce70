/// Consecutive rows of channels without gaps, beginning at any row of a sequence.
struct KernelSignal {
  private let start: UnsafeMutablePointer<Float>
  private let firstRow: Int
  let channels: Int

  /// - Parameter start: the address of row `firstRow`.
  init(_ start: UnsafeMutablePointer<Float>, firstRow: Int, channels: Int) {
    self.start = start
    self.firstRow = firstRow
    self.channels = channels
  }

  /// The address of row `row` of the sequence.
  func row(_ row: Int) -> UnsafeMutablePointer<Float> { start + (row - firstRow) * channels }

  /// The same address, for reading.
  func input(_ row: Int) -> UnsafePointer<Float> { UnsafePointer(self.row(row)) }

  /// Sets rows to zero, which convolutions read beyond the sequence's edges.
  func clear(_ rows: Range<Int>) {
    row(rows.lowerBound).update(repeating: 0, count: rows.count * channels)
  }
}

/// The last rows of a signal, kept from one window of a sequence for the next.
struct KernelTail {
  private let memory: UnsafeMutablePointer<Float>
  private let channels: Int
  private let capacity: Int

  init(_ memory: KernelMemory, rows: Int, channels: Int) throws(ModelError) {
    self.memory = try memory.takeFloats(rows * channels)
    self.channels = channels
    capacity = rows
  }

  /// Places the signal in `space`, beginning with the rows `kept`. Rows before the first row of the sequence are zero.
  func open(_ kept: Range<Int>, over space: KernelSpace) -> KernelSignal {
    let signal = KernelSignal(space.start, firstRow: kept.lowerBound, channels: channels)
    let old = max(0, kept.lowerBound)..<max(0, kept.upperBound)
    signal.clear(kept.lowerBound..<old.lowerBound)
    signal.row(old.lowerBound).update(from: memory, count: old.count * channels)
    return signal
  }

  /// Keeps the rows `kept` of the signal.
  func close(_ signal: KernelSignal, _ kept: Range<Int>) throws(ModelError) {
    let rows = max(0, kept.lowerBound)..<max(0, kept.upperBound)
    guard rows.count <= capacity else {
      throw ModelError(.backend, "\(rows.count) rows of a vocoder signal don't fit the \(capacity) that are kept")
    }
    memory.update(from: signal.row(rows.lowerBound), count: rows.count * channels)
  }
}

/// Memory in which signals are placed in turn, with a margin on both sides that kernels may read or write.
struct KernelSpace {
  let start: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - floats: the size of the largest signal in floats.
  ///   - margin: the size of the margin on either side in floats.
  init(_ memory: KernelMemory, floats: Int, margin: Int) throws(ModelError) {
    start = try memory.takeFloats(floats + 2 * margin) + margin
  }

  static func byteCount(floats: Int, margin: Int) -> Int { KernelMemory.byteCount(floats: floats + 2 * margin) }
}
