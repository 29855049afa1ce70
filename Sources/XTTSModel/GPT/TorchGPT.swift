import Torch

/// The GPT through libtorch, float32, with a preallocated key and value cache per slot.
///
/// Source: GPT-2 as Hugging Face implements it, with upstream's `GPT2InferenceModel` around it.
public final class TorchGPT: GPTDecoder {
  public let hiddenSize: Int
  public let audioCodeCount: Int
  public let slotCount: Int
  public let slotCapacity: Int

  private let device: Device
  private let layers: [TransformerLayer]
  private let stackNorm: LayerNorm
  private let finalNorm: LayerNorm
  private let codeEmbedding: Tensor
  private let codePositions: Tensor
  private let codePositionCount: Int
  private let headWeight: Tensor
  private let headBias: Tensor
  /// One per layer.
  private let caches: [KeyValueCache]
  /// Rows of each slot's prompt that were prefilled, which the next chunk continues.
  private var prefilledRows: [Int]

  /// - Parameter slotCapacity: positions per slot: prompt rows and codes together.
  /// - Throws: ``ModelError`` `backend` when memory or device fails, `invalidArgument` for a size below 1.
  public init(
    _ weights: GPTWeights, slotCount: Int, slotCapacity: Int, device: Device = .cpu
  ) throws(ModelError) {
    guard slotCount > 0, slotCapacity > 0 else {
      throw ModelError(.invalidArgument, "a decoder needs at least one slot of at least one position")
    }
    hiddenSize = weights.hiddenSize
    audioCodeCount = weights.audioCodeCount
    self.slotCount = slotCount
    self.slotCapacity = slotCapacity
    self.device = device
    var layers: [TransformerLayer] = []
    var caches: [KeyValueCache] = []
    for layer in weights.layers {
      layers.append(try TransformerLayer(layer, headCount: weights.headCount, device: device))
      caches.append(
        try KeyValueCache(
          slotCount: slotCount, headCount: weights.headCount, capacity: slotCapacity, headSize: weights.headSize,
          device: device))
    }
    self.layers = layers
    self.caches = caches
    stackNorm = try LayerNorm(weights.stackNorm, device: device)
    finalNorm = try LayerNorm(weights.finalNorm, device: device)
    codeEmbedding = try weights.codeEmbedding.tensor(on: device)
    codePositions = try weights.codePositions.tensor(on: device)
    codePositionCount = weights.codePositionCount
    headWeight = try weights.headWeight.tensor(on: device)
    headBias = try weights.headBias.tensor(on: device)
    prefilledRows = Array(repeating: 0, count: slotCount)
  }

  public func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError) {
    guard prefilledRows.indices.contains(slot) else {
      throw ModelError(.invalidArgument, "slot \(slot) is not among the \(slotCount) slots")
    }
    guard rows.lowerBound >= 0, rows.upperBound <= prompt.rowCount, rows.upperBound <= slotCapacity,
      prompt.values.count == prompt.rowCount * hiddenSize
    else {
      throw ModelError(.invalidArgument, "rows \(rows) don't fit the prompt or the slot's \(slotCapacity) positions")
    }
    guard rows.lowerBound == 0 || rows.lowerBound == prefilledRows[slot] else {
      throw ModelError(.invalidArgument, "slot \(slot) holds \(prefilledRows[slot]) rows, not \(rows.lowerBound)")
    }
    guard !rows.isEmpty else { return }
    try ModelError.wrapping { () throws(TorchError) in
      let values = Array(prompt.values[(rows.lowerBound * hiddenSize)..<(rows.upperBound * hiddenSize)])
      var hidden = try Tensor.from(values, shape: [rows.count, hiddenSize]).converted(to: .float32, on: device)
      let mask = try causalMask(queries: rows.count, past: rows.lowerBound)
      for (layer, cache) in zip(layers, caches) {
        hidden = try layer.prefill(hidden, cache: cache, slot: slot, at: rows.lowerBound, mask: mask)
      }
    }
    prefilledRows[slot] = rows.upperBound
  }

  public func decode(
    _ rows: [DecodeRow], logits: UnsafeMutableBufferPointer<Float>, hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError) {
    try check(rows, logitCount: logits.count, hiddenCount: hidden.count)
    guard !rows.isEmpty else { return }
    try ModelError.wrapping { () throws(TorchError) in
      var states = try embedded(rows)
      for (layer, cache) in zip(layers, caches) {
        states = try layer.decode(states, cache: cache, rows: rows)
      }
      let normalized = try finalNorm(try stackNorm(states))
      try normalized.read(into: hidden)
      try normalized.linear(weight: headWeight, bias: headBias).read(into: logits)
    }
  }

  private func check(_ rows: [DecodeRow], logitCount: Int, hiddenCount: Int) throws(ModelError) {
    guard logitCount == rows.count * audioCodeCount, hiddenCount == rows.count * hiddenSize else {
      throw ModelError(.invalidArgument, "the output buffers are not of the size that \(rows.count) rows need")
    }
    guard Set(rows.map(\.slot)).count == rows.count else {
      throw ModelError(.invalidArgument, "a slot is given twice in one step")
    }
    for row in rows {
      guard prefilledRows.indices.contains(row.slot), (0..<audioCodeCount).contains(row.code),
        (0..<codePositionCount).contains(row.codeIndex), row.promptLength == prefilledRows[row.slot],
        row.promptLength + row.codeIndex < slotCapacity
      else {
        throw ModelError(.invalidArgument, "a decode row is outside its slot, vocabulary or positions: \(row)")
      }
    }
  }

  /// Each row's code with its position, `[rows, hidden]`.
  private func embedded(_ rows: [DecodeRow]) throws(TorchError) -> Tensor {
    let select = { (table: Tensor, numbers: [Int]) throws(TorchError) -> Tensor in
      let indices = try Tensor.from(integers: numbers.map { Int64($0) }, shape: [numbers.count])
      return try table.selected(dim: 0, indices: try indices.converted(to: .int64, on: self.device))
    }
    let states = try select(codeEmbedding, rows.map(\.code))
    try states.add(try select(codePositions, rows.map(\.codeIndex)))
    return states
  }

  /// Zero where a query may look, minus infinity on what comes after it: `[queries, past + queries]`.
  private func causalMask(queries: Int, past: Int) throws(TorchError) -> Tensor {
    let width = past + queries
    var values = [Float](repeating: 0, count: queries * width)
    for query in 0..<queries {
      for key in (past + query + 1)..<max(width, past + query + 1) { values[query * width + key] = -.infinity }
    }
    return try Tensor.from(values, shape: [queries, width]).converted(to: .float32, on: device)
  }
}
