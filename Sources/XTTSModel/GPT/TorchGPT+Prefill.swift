import Torch

extension TorchGPT {
  public func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError) {
    try ledger.check(slot: slot, prompt: prompt, rows: rows, hiddenSize: hiddenSize)
    guard !rows.isEmpty else { return }
    forgetMarks(slot: slot)
    try ModelError.wrapping { () throws(TorchError) in
      let values = Array(prompt.values[(rows.lowerBound * hiddenSize)..<(rows.upperBound * hiddenSize)])
      var hidden = try onDevice(values)
      let mask = try causalMask(queries: rows.count, past: rows.lowerBound)
      for (layer, cache) in zip(layers, caches) {
        hidden = try layer.prefill(hidden, cache: cache, slot: slot, at: rows.lowerBound, mask: mask)
      }
    }
    ledger.notePrefill(slot: slot, upTo: rows.upperBound)
  }

  public func prefill(_ prompts: [(slot: Int, prompt: PromptEmbeddings)]) throws(ModelError) {
    for (slot, prompt) in prompts {
      try ledger.check(slot: slot, prompt: prompt, rows: 0..<prompt.rowCount, hiddenSize: hiddenSize)
    }
    guard Set(prompts.map(\.slot)).count == prompts.count else {
      throw ModelError(.invalidArgument, "a slot is given two prompts")
    }
    guard !buckets.isPinned else {
      for (slot, prompt) in prompts { try prefill(slot: slot, prompt: prompt, rows: 0..<prompt.rowCount) }
      return
    }
    let rowCount = prompts.reduce(0) { max($0, $1.prompt.rowCount) }
    guard rowCount > 0 else { return }
    for (slot, _) in prompts { forgetMarks(slot: slot) }
    // Shorter prompts are followed by zeros. What those rows become lies behind the prompt in the slot, where a decode
    // step writes before it looks.
    var values: [Float] = []
    values.reserveCapacity(prompts.count * rowCount * hiddenSize)
    for (_, prompt) in prompts {
      values += prompt.values
      values += repeatElement(0, count: (rowCount - prompt.rowCount) * hiddenSize)
    }
    try ModelError.wrapping { () throws(TorchError) in
      var hidden = try onDevice(values)
      let slots = try Tensor.from(integers: prompts.map { Int64($0.slot) }, shape: [prompts.count])
        .sent(to: device)
      let mask = try causalMask(queries: rowCount, past: 0)
      for (layer, cache) in zip(layers, caches) {
        hidden = try layer.prefill(hidden, cache: cache, slots: slots, prompts: prompts.count, mask: mask)
      }
    }
    for (slot, prompt) in prompts { ledger.notePrefill(slot: slot, upTo: prompt.rowCount) }
  }

  /// `[rows, hidden]`.
  private func onDevice(_ values: [Float]) throws(TorchError) -> Tensor {
    try Tensor.from(values, shape: [values.count / hiddenSize, hiddenSize]).sent(to: device)
      .converted(to: dtype)
  }

  /// Zero where a query may look, minus infinity on what comes after it: `[queries, past + queries]`.
  private func causalMask(queries: Int, past: Int) throws(TorchError) -> Tensor {
    let width = past + queries
    var values = [Float](repeating: 0, count: queries * width)
    for query in 0..<queries {
      for key in (past + query + 1)..<max(width, past + query + 1) { values[query * width + key] = -.infinity }
    }
    return try Tensor.from(values, shape: [queries, width]).sent(to: device).converted(to: dtype)
  }
}
