import Torch

/// The inputs of a decode step, one row per slot, on the host and on the device: the input code, its position, and the
/// parameters for drawing the next code. A step needs only one small copy to the device for all rows.
struct StepControls {
  /// Columns before those of ``Tensor/DrawControl``.
  private enum Column: Int, CaseIterable {
    case position
    case code
    case codeIndex
    /// The column of the slot's used codes in which the input is marked.
    case marked
  }

  static let columnCount = Column.allCases.count + Tensor.DrawControl.allCases.count
  /// `[slots, columnCount]` float64, which represents every count and code exactly.
  private let host: Tensor
  private let device: Tensor
  private let idle: [Double]

  /// - Parameters:
  ///   - idlePosition: the position at which slots without a sequence write.
  ///   - idleMark: the column of the used codes that they mark.
  init(slotCount: Int, idlePosition: Int, idleMark: Int, device: Device) throws(TorchError) {
    host = try Tensor.pinned([slotCount, Self.columnCount], dtype: .float64)
    self.device = try Tensor.zeros([slotCount, Self.columnCount], dtype: .float64, on: device)
    idle = [Double(idlePosition), 0, 0, Double(idleMark)] + Self.idleDraw
  }

  /// Copies rows to the device. Slots of the shape without a row are idle.
  func send(_ rows: [(row: DecodeRow, sampler: CodeSampler)], shape: StepBuckets.Shape) throws(TorchError) {
    let slots = shape.slots
    let idle = idle
    try host.withUnsafeMutableElements(of: Double.self) { values in
      for slot in slots { Self.put(idle, at: slot, in: values) }
      for (row, sampler) in rows where slots.contains(row.slot) {
        let position = row.promptLength + row.codeIndex
        let own = [position, row.code, row.codeIndex, row.code].map { Double($0) }
        Self.put(own + Tensor.DrawControl.allCases.map(sampler.control), at: row.slot, in: values)
      }
    }
    try device.narrowed(0, slots).copyWithoutWaiting(from: try host.narrowed(0, slots))
  }

  /// `[rows]` int64 on the device.
  func positions(_ shape: StepBuckets.Shape) throws(TorchError) -> Tensor { try integers(.position, shape).squeezed(1) }
  func codes(_ shape: StepBuckets.Shape) throws(TorchError) -> Tensor { try integers(.code, shape).squeezed(1) }
  func codeIndices(_ shape: StepBuckets.Shape) throws(TorchError) -> Tensor {
    try integers(.codeIndex, shape).squeezed(1)
  }
  /// `[rows, 1]` int64 on the device.
  func marks(_ shape: StepBuckets.Shape) throws(TorchError) -> Tensor { try integers(.marked, shape) }

  /// `[rows, DrawControl.allCases.count]` float64 on the device.
  func draws(_ shape: StepBuckets.Shape) throws(TorchError) -> Tensor {
    try device.narrowed(0, shape.slots).narrowed(1, Column.allCases.count..<Self.columnCount)
  }

  private func integers(_ column: Column, _ shape: StepBuckets.Shape) throws(TorchError) -> Tensor {
    try device.narrowed(0, shape.slots).narrowed(1, column.rawValue..<(column.rawValue + 1)).converted(to: .int64)
  }

  private static func put(_ row: [Double], at slot: Int, in values: UnsafeMutableBufferPointer<Double>) {
    for (column, value) in row.enumerated() { values[slot * columnCount + column] = value }
  }

  /// Takes the code with the best score, without a penalty.
  private static let idleDraw = Tensor.DrawControl.allCases.map { control -> Double in
    switch control {
    case .penalty, .temperature, .topK, .greedy: 1
    case .uniform: 0
    case .dropped, .suppressed: -1
    }
  }
}

extension CodeSampler {
  /// A parameter of the next draw, for a device that draws the code itself.
  ///
  /// The random number comes from the sampler. The values computed from the logits agree with the sampler's to the last
  /// bit, with one exception: the device's exponential function and order of summation may differ by 1e-7 in the share
  /// that top-p compares and by 1e-15 in the distribution that is drawn from. Another code is drawn only where a
  /// boundary lies within that difference.
  fileprivate func control(_ control: Tensor.DrawControl) -> Double {
    switch control {
    case .penalty: Double(penalty.penalty)
    case .temperature: Double(temperature.temperature)
    case .topK: Double(topK.k > 0 ? min(topK.k, codeCount) : codeCount)
    case .dropped: Double(topP.droppedShare ?? -1)
    case .uniform: isGreedy ? 0 : uniform
    case .greedy: isGreedy ? 1 : 0
    case .suppressed: Double(suppressedCode ?? -1)
    }
  }
}
