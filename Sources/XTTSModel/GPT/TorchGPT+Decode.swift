import Torch

extension TorchGPT: DeviceDecoder {
  public func decode(
    _ rows: [DecodeRow], logits: UnsafeMutableBufferPointer<Float>, hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError) {
    try SlotLedger.check(logits, rows: rows.count, width: audioCodeCount)
    try check(rows, hidden)
    guard !rows.isEmpty else { return }
    // What is drawn is not asked for, so no slot's marks are right after this.
    for row in rows { forgetMarks(slot: row.slot) }
    try ModelError.wrapping { () throws(TorchError) in
      try step(rows.map { ($0, .greedy) }) { shape, results in copyHidden(of: rows, from: results, to: hidden) }
      let last = rows.reduce(0) { max($0, $1.slot) }
      let all = try readLogits(ofSlots: 0..<(last + 1))
      for (index, row) in rows.enumerated() {
        copy(all, from: row.slot * audioCodeCount, count: audioCodeCount, to: logits, at: index * audioCodeCount)
      }
    }
    ledger.noteStep(rows)
  }

  public func decode(
    _ rows: [DecodeRow], samplers: [CodeSampler], codes: inout [Int?], hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError) {
    try check(rows, hidden)
    guard samplers.count == rows.count else {
      throw ModelError(.invalidArgument, "\(samplers.count) samplers for \(rows.count) rows")
    }
    codes = Array(repeating: nil, count: rows.count)
    guard !rows.isEmpty else { return }
    var drawn: [Int?] = []
    try ModelError.wrapping { () throws(TorchError) in
      for (row, sampler) in zip(rows, samplers) { try mark(row, sampler) }
      try step(zip(rows, samplers).map { ($0, $1.drawParameters) }) { shape, results in
        copyHidden(of: rows, from: results, to: hidden)
        drawn = rows.map { Int(exactly: results[$0.slot * (hiddenSize + 1) + hiddenSize]) }
      }
    }
    ledger.noteStep(rows)
    for row in rows { advanceMarks(row) }
    codes = drawn.map { code in code.flatMap { (0..<audioCodeCount).contains($0) ? $0 : nil } }
  }

  public func logits(ofSlot slot: Int) throws(ModelError) -> [Float] {
    try ledger.check(slot: slot)
    return try ModelError.wrapping { () throws(TorchError) in try readLogits(ofSlots: slot..<(slot + 1)) }
  }

  private func check(_ rows: [DecodeRow], _ hidden: UnsafeMutableBufferPointer<Float>) throws(ModelError) {
    try SlotLedger.check(hidden, rows: rows.count, width: hiddenSize)
    try ledger.check(rows, codes: audioCodeCount, codePositions: codePositionCount)
  }

  private func copyHidden(
    of rows: [DecodeRow], from results: UnsafeMutableBufferPointer<Float>,
    to hidden: UnsafeMutableBufferPointer<Float>
  ) {
    for (index, row) in rows.enumerated() {
      copy(results, from: row.slot * (hiddenSize + 1), count: hiddenSize, to: hidden, at: index * hiddenSize)
    }
  }

  private func copy(
    _ source: some RandomAccessCollection<Float>, from start: Int, count: Int,
    to target: UnsafeMutableBufferPointer<Float>, at offset: Int
  ) {
    let first = source.index(source.startIndex, offsetBy: start)
    let part = source[first..<source.index(first, offsetBy: count)]
    _ = UnsafeMutableBufferPointer(rebasing: target[offset..<(offset + count)]).update(fromContentsOf: part)
  }
}
