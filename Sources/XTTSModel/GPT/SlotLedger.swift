/// What each slot of a decoder holds, and whether a call fits it: the same for every decoder.
struct SlotLedger {
  let capacity: Int
  /// Rows of each slot's prompt that were prefilled, which the next chunk continues.
  private(set) var prefilledRows: [Int]
  /// Positions that each slot holds, prompt and codes.
  private var heldPositions: [Int]

  init(slotCount: Int, capacity: Int) {
    self.capacity = capacity
    prefilledRows = Array(repeating: 0, count: slotCount)
    heldPositions = prefilledRows
  }

  var slotCount: Int { prefilledRows.count }

  func check(slot: Int) throws(ModelError) {
    guard prefilledRows.indices.contains(slot) else {
      throw ModelError(.invalidArgument, "slot \(slot) is not among the \(slotCount) slots")
    }
  }

  /// Whether the rows of a prompt can be prefilled: the first ones, or those that follow what the slot holds.
  func check(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>, hiddenSize: Int) throws(ModelError) {
    try check(slot: slot)
    guard rows.lowerBound >= 0, rows.upperBound <= prompt.rowCount, rows.upperBound <= capacity,
      prompt.values.count == prompt.rowCount * hiddenSize
    else { throw ModelError(.invalidArgument, "rows \(rows) don't fit the prompt or the slot's \(capacity) positions") }
    guard rows.lowerBound == 0 || rows.lowerBound == prefilledRows[slot] else {
      throw ModelError(.invalidArgument, "slot \(slot) holds \(prefilledRows[slot]) rows, not \(rows.lowerBound)")
    }
  }

  /// Whether a step can be taken: each slot once, after the positions that it holds or anew at one of them.
  func check(_ rows: [DecodeRow], codes: Int, codePositions: Int) throws(ModelError) {
    for (index, row) in rows.enumerated() {
      guard prefilledRows.indices.contains(row.slot), (0..<codes).contains(row.code),
        (0..<codePositions).contains(row.codeIndex), row.promptLength == prefilledRows[row.slot],
        row.promptLength + row.codeIndex < capacity
      else {
        throw ModelError(.invalidArgument, "a decode row is outside its slot, vocabulary or positions: \(row)")
      }
      guard row.promptLength + row.codeIndex <= heldPositions[row.slot] else {
        throw ModelError(.invalidArgument, "slot \(row.slot) holds \(heldPositions[row.slot]) positions: \(row)")
      }
      for other in rows[..<index] where other.slot == row.slot {
        throw ModelError(.invalidArgument, "slot \(row.slot) is given twice in one step")
      }
    }
  }

  /// Checks the size of the caller's output buffer, `[rows, width]`.
  static func check(_ buffer: UnsafeMutableBufferPointer<Float>, rows: Int, width: Int) throws(ModelError) {
    guard buffer.count == rows * width else {
      throw ModelError(.invalidArgument, "the output buffers are not of the size that \(rows) rows need")
    }
  }

  mutating func notePrefill(slot: Int, upTo rows: Int) {
    prefilledRows[slot] = rows
    heldPositions[slot] = rows
  }

  mutating func noteStep(_ rows: [DecodeRow]) {
    for row in rows { heldPositions[row.slot] = row.promptLength + row.codeIndex + 1 }
  }
}
