/// The content of each slot of a decoder, and the checks of calls against it. All decoders use it.
struct SlotLedger {
  let capacity: Int
  /// The number of prefilled prompt rows of each slot. The next chunk continues after them.
  private(set) var prefilledRows: [Int]
  /// The number of positions that each slot holds, prompt and codes.
  private var heldPositions: [Int]

  init(slotCount: Int, capacity: Int) {
    self.capacity = capacity
    prefilledRows = Array(repeating: 0, count: slotCount)
    heldPositions = prefilledRows
  }

  var slotCount: Int { prefilledRows.count }

  /// Checks that the rows of a prompt can be prefilled: they are the first ones, or follow or repeat rows that the slot
  /// holds.
  func check(_ chunk: PromptChunk, hiddenSize: Int) throws(ModelError) {
    let (slot, prompt, rows) = (chunk.slot, chunk.prompt, chunk.rows)
    guard prefilledRows.indices.contains(slot) else {
      throw ModelError(.invalidArgument, "slot \(slot) is not among the \(slotCount) slots")
    }
    guard rows.lowerBound >= 0, rows.upperBound <= prompt.rowCount, rows.upperBound <= capacity,
      prompt.values.count == prompt.rowCount * hiddenSize
    else { throw ModelError(.invalidArgument, "rows \(rows) don't fit the prompt or the slot's \(capacity) positions") }
    guard rows.lowerBound <= prefilledRows[slot] else {
      throw ModelError(.invalidArgument, "slot \(slot) holds \(prefilledRows[slot]) rows, not \(rows.lowerBound)")
    }
  }

  /// Checks a step: each slot occurs once, and its row follows the positions that the slot holds or repeats one of
  /// them.
  func check(
    _ rows: [DecodeRow], samplers: [CodeSampler], codes: Int, codePositions: Int
  ) throws(ModelError) {
    guard samplers.count == rows.count else {
      throw ModelError(.invalidArgument, "\(samplers.count) samplers for \(rows.count) rows")
    }
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

  mutating func notePrefill(slot: Int, upTo rows: Int) {
    prefilledRows[slot] = rows
    heldPositions[slot] = rows
  }

  mutating func noteStep(_ rows: [DecodeRow]) {
    for row in rows { heldPositions[row.slot] = row.promptLength + row.codeIndex + 1 }
  }
}
