import Torch

extension TorchGPT {
  /// See ``GPTDecoder/prefill(_:)``.
  public func prefill(_ chunks: [PromptChunk]) throws(ModelError) {
    for chunk in chunks {
      try ledger.check(chunk, hiddenSize: hiddenSize)
      guard chunk.rows == 0..<chunk.prompt.rowCount else {
        throw ModelError(.invalidArgument, "libtorch prefills whole prompts, not rows \(chunk.rows)")
      }
    }
    guard Set(chunks.map(\.slot)).count == chunks.count else {
      throw ModelError(.invalidArgument, "a slot is given two prompts")
    }
    // With one shape for all steps, prompts go one by one, so that their bytes don't depend on the others.
    for group in buckets.isPinned ? chunks.map({ [$0] }) : [chunks] { try prefill(together: group) }
  }

  private func prefill(together chunks: [PromptChunk]) throws(ModelError) {
    let rowCount = chunks.reduce(0) { max($0, $1.prompt.rowCount) }
    guard rowCount > 0 else { return }
    for chunk in chunks { forgetMarks(slot: chunk.slot) }
    // Shorter prompts are padded with zeros. The keys and values of the padding lie after the prompt in the slot; a
    // decode step overwrites each position before reading it.
    var values: [Float] = []
    values.reserveCapacity(chunks.count * rowCount * hiddenSize)
    for chunk in chunks {
      values += chunk.prompt.values
      values += repeatElement(0, count: (rowCount - chunk.prompt.rowCount) * hiddenSize)
    }
    try ModelError.wrapping { () throws(TorchError) in
      var hidden = try onDevice(values)
      let slots = try Tensor.from(integers: chunks.map { Int64($0.slot) }, shape: [chunks.count]).sent(to: device)
      let mask = try causalMask(rowCount)
      for (layer, cache) in zip(layers, caches) {
        hidden = try layer.prefill(hidden, cache: cache, slots: slots, prompts: chunks.count, mask: mask)
      }
    }
    for chunk in chunks { ledger.notePrefill(slot: chunk.slot, upTo: chunk.prompt.rowCount) }
  }

  /// `[rows, hidden]`.
  private func onDevice(_ values: [Float]) throws(TorchError) -> Tensor {
    try Tensor.from(values, shape: [values.count / hiddenSize, hiddenSize]).sent(to: device)
      .converted(to: dtype)
  }

  /// Zero for the positions that a query attends to, minus infinity for later ones: `[queries, queries]`.
  private func causalMask(_ queries: Int) throws(TorchError) -> Tensor {
    var values = [Float](repeating: 0, count: queries * queries)
    for query in 0..<queries {
      for key in (query + 1)..<max(queries, query + 1) { values[query * queries + key] = -.infinity }
    }
    return try Tensor.from(values, shape: [queries, queries]).sent(to: device).converted(to: dtype)
  }
}
