/// Rows of channels without gaps, from some row of a sequence on.
struct KernelSignal {
  private let start: UnsafeMutablePointer<Float>
  private let firstRow: Int
  let channels: Int

  /// - Parameter start: where row `firstRow` lies.
  init(_ start: UnsafeMutablePointer<Float>, firstRow: Int, channels: Int) {
    self.start = start
    self.firstRow = firstRow
    self.channels = channels
  }

  /// Row `row` of the sequence.
  func row(_ row: Int) -> UnsafeMutablePointer<Float> { start + (row - firstRow) * channels }

  /// The same, to be read.
  func input(_ row: Int) -> UnsafePointer<Float> { UnsafePointer(self.row(row)) }

  /// Makes silence of rows: what convolutions see beyond the sequence's edges.
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

  /// Lays the signal over `space`, with the rows `kept` at its front; those before the sequence's first are zero.
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

/// Memory that signals are laid over in turn, with room before and after that kernels may read or write.
struct KernelSpace {
  let start: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - floats: of the largest signal.
  ///   - margin: floats of room on either side.
  init(_ memory: KernelMemory, floats: Int, margin: Int) throws(ModelError) {
    start = try memory.takeFloats(floats + 2 * margin) + margin
  }

  static func byteCount(floats: Int, margin: Int) -> Int { KernelMemory.byteCount(floats: floats + 2 * margin) }
}
