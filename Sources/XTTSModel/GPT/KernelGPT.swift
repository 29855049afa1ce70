import CKernels

/// The GPT through the CPU kernels, in float32 or with its linear layers in int8.
///
/// Weights are packed (and quantised) once, when it is made. With int8, activations are quantised per row in every
/// product and the cache holds float16; embeddings, norms, residuals and softmax stay float32. A sequence's bytes
/// depend on nothing but its own prompt and codes: not on its neighbours, its slot, the chunks of its prefill or the
/// number of threads.
///
/// Source: GPT-2 as Hugging Face implements it, with upstream's `GPT2InferenceModel` around it.
public final class KernelGPT: GPTDecoder {
  public typealias Precision = KernelPrecision

  public let hiddenSize: Int
  public let audioCodeCount: Int
  public let slotCount: Int
  public let slotCapacity: Int
  public let precision: Precision

  /// Rows that go through the layers together; longer chunks of a prompt are cut.
  static let maximumRows = 128

  let context: KernelContext
  let layers: [KernelLayer]
  let stackNorm: KernelNorm
  let finalNorm: KernelNorm
  let head: ck_linear
  let codeEmbedding: EmbeddingTable
  let codePositions: EmbeddingTable
  let cache: KernelCache
  let buffers: KernelBuffers
  /// What `layers`, norms and head point into.
  let memory: KernelMemory
  private var ledger: SlotLedger
  /// By slot: what a prompt may begin with that is there already.
  var heldPrompts: [HeldPrompt]

  /// - Parameters:
  ///   - slotCapacity: positions per slot, prompt rows and codes together; at most 8192.
  ///   - packed: what an earlier run packed from the same weights; nil packs them now.
  /// - Throws: ``ModelError`` `invalidArgument` for sizes out of range (heads must be multiples of 16), `unreadable`
  ///   for tensors that are no numbers, `backend` without memory.
  public init(
    _ weights: GPTWeights, precision: Precision, slotCount: Int, slotCapacity: Int, context: KernelContext,
    packed: PackedWeights? = nil
  ) throws(ModelError) {
    guard (1...1024).contains(slotCount), slotCapacity > 0 else {
      throw ModelError(.invalidArgument, "a decoder needs 1 to 1024 slots of at least one position")
    }
    hiddenSize = weights.hiddenSize
    audioCodeCount = weights.audioCodeCount
    self.slotCount = slotCount
    self.slotCapacity = slotCapacity
    self.precision = precision
    self.context = context
    cache = try KernelCache(
      type: precision == .int8 ? CK_CACHE_FLOAT16 : CK_CACHE_FLOAT32, slotCount: slotCount,
      layerCount: weights.layers.count, headCount: weights.headCount, headSize: weights.headSize,
      capacity: slotCapacity)
    buffers = try KernelBuffers(
      rows: max(slotCount, Self.maximumRows), hiddenSize: weights.hiddenSize,
      feedForwardSize: weights.feedForwardSize)
    let kind = precision == .int8 ? CK_INT8 : CK_FLOAT32
    if let packed {
      memory = packed.decoder
    } else {
      memory = try KernelMemory(byteCount: KernelPacker.byteCount(weights, precision: kind), pages: CK_HUGE_PAGES)
    }
    let packer = KernelPacker(context: context, precision: kind, memory: memory)
    var layers: [KernelLayer] = []
    for layer in weights.layers { layers.append(try packer.pack(layer)) }
    self.layers = layers
    stackNorm = try packer.pack(weights.stackNorm)
    finalNorm = try packer.pack(weights.finalNorm)
    head = try packer.pack(head: weights.headWeight, bias: weights.headBias)
    codeEmbedding = try EmbeddingTable(weights.codeEmbedding)
    codePositions = try EmbeddingTable(weights.codePositions)
    ledger = SlotLedger(slotCount: slotCount, capacity: slotCapacity)
    heldPrompts = Array(repeating: HeldPrompt(), count: slotCount)
  }

  public func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError) {
    try ledger.check(slot: slot, prompt: prompt, rows: rows, hiddenSize: hiddenSize)
    var first = rows.lowerBound
    if first == 0 { first = takeOverPrefix(of: prompt, into: slot, limit: rows.upperBound) }
    while first < rows.upperBound {
      let count = min(Self.maximumRows, rows.upperBound - first)
      prompt.values.withUnsafeBufferPointer { values in
        for row in 0..<count {
          let target = buffers.states.row(row)
          for column in 0..<hiddenSize { target[column] = values[(first + row) * hiddenSize + column] }
        }
      }
      for row in 0..<count { buffers.setPlace(row, slot: slot, position: first + row) }
      try runLayers(rows: count, keepsOutput: false)
      first += count
    }
    ledger.notePrefill(slot: slot, upTo: rows.upperBound)
    heldPrompts[slot].rowCount = rows.upperBound
  }

  public func decode(
    _ rows: [DecodeRow], logits: UnsafeMutableBufferPointer<Float>, hidden: UnsafeMutableBufferPointer<Float>
  ) throws(ModelError) {
    try SlotLedger.check(logits, rows: rows.count, width: audioCodeCount)
    try SlotLedger.check(hidden, rows: rows.count, width: hiddenSize)
    try ledger.check(rows, codes: audioCodeCount, codePositions: codePositions.rowCount)
    guard let logits = logits.baseAddress, let hidden = hidden.baseAddress else { return }
    for (index, row) in rows.enumerated() {
      let state = UnsafeMutableBufferPointer(start: buffers.states.row(index), count: hiddenSize)
      state.update(repeating: 0)
      codeEmbedding.add(row: row.code, to: state)
      codePositions.add(row: row.codeIndex, to: state)
      buffers.setPlace(index, slot: row.slot, position: row.promptLength + row.codeIndex)
    }
    try runLayers(rows: rows.count, keepsOutput: true)
    try finish(rows: rows.count, logits: logits, hidden: hidden)
    ledger.noteStep(rows)
  }
}
