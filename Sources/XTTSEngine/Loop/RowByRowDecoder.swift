import XTTSModel

/// Decodes the rows of a step one at a time, for a decoder whose products round differently with the number of rows:
/// so a sequence's bytes don't depend on its neighbours.
final class RowByRowDecoder: GPTDecoder {
  private let decoder: any GPTDecoder

  var hiddenSize: Int { decoder.hiddenSize }
  var audioCodeCount: Int { decoder.audioCodeCount }
  var slotCount: Int { decoder.slotCount }
  var slotCapacity: Int { decoder.slotCapacity }

  init(_ decoder: any GPTDecoder) {
    self.decoder = decoder
  }

  func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError) {
    try decoder.prefill(slot: slot, prompt: prompt, rows: rows)
  }

  func decode(
    _ rows: [DecodeRow], logits: UnsafeMutableBufferPointer<Float>, hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError) {
    guard logits.count == rows.count * audioCodeCount, hidden.count == rows.count * hiddenSize else {
      throw ModelError(.invalidArgument, "the output buffers are not of the size that \(rows.count) rows need")
    }
    for (index, row) in rows.enumerated() {
      try decoder.decode(
        [row],
        logits: UnsafeMutableBufferPointer(
          rebasing: logits[(index * audioCodeCount)..<((index + 1) * audioCodeCount)]),
        hidden: UnsafeMutableBufferPointer(rebasing: hidden[(index * hiddenSize)..<((index + 1) * hiddenSize)]))
    }
  }
}
