import CKernels

/// The GPT on the CPU kernels, in float32 or with its linear layers in int8.
///
/// Weights are packed (and quantised) once, by the initializer. With int8, activations are quantised per row in every
/// product and the cache holds float16; embeddings, norms, residuals and softmax stay float32. The bytes of a sequence
/// depend only on its own prompt and codes, not on other sequences, its slot, the chunks of its prefill or the number
/// of threads.
///
/// Source: GPT-2 as Hugging Face implements it, with upstream's `GPT2InferenceModel` around it.
public final class KernelGPT: GPTDecoder {
  /// The width of the hidden states.
  public let hiddenSize: Int
  /// The size of the audio vocabulary, start and stop codes included.
  public let audioCodeCount: Int
  /// The largest number of sequences at once.
  public let slotCount: Int
  /// The number of positions of a slot.
  public let slotCapacity: Int
  /// The number format of the linear layers.
  let precision: KernelPrecision

  /// The number of rows that pass through the layers together; longer chunks of a prompt are split.
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
  /// The memory of `layers`, norms and head.
  let memory: KernelMemory
  private var ledger: SlotLedger
  /// The results of the latest step: `[rows, audioCodeCount]` and `[rows, hiddenSize]`.
  private var logits: [Float]
  private var latents: [Float]
  /// By slot: the prompt whose first rows a later prompt may reuse.
  var heldPrompts: [HeldPrompt]

  /// - Parameters:
  ///   - slotCapacity: positions per slot, prompt rows and codes together; at most 8192.
  ///   - packed: weights that an earlier run packed from the same checkpoint; nil packs them now.
  /// - Throws: ``ModelError`` `invalidArgument` for sizes out of range (heads must be multiples of 16), `unreadable`
  ///   for tensors with other content than numbers, `backend` if there is no memory.
  public init(
    _ weights: GPTWeights, precision: KernelPrecision, slotCount: Int, slotCapacity: Int, context: KernelContext,
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
    stackNorm = try packer.pack(norm: weights.stackNorm)
    finalNorm = try packer.pack(norm: weights.finalNorm)
    head = try packer.pack(head: weights.headWeight, bias: weights.headBias)
    codeEmbedding = try EmbeddingTable(weights.codeEmbedding)
    codePositions = try EmbeddingTable(weights.codePositions)
    ledger = SlotLedger(slotCount: slotCount, capacity: slotCapacity)
    heldPrompts = Array(repeating: HeldPrompt(), count: slotCount)
    logits = Array(repeating: 0, count: slotCount * weights.audioCodeCount)
    latents = Array(repeating: 0, count: slotCount * weights.hiddenSize)
  }

  /// See ``GPTDecoder/prefill(_:)``.
  public func prefill(_ chunks: [PromptChunk]) throws(ModelError) {
    for chunk in chunks { try prefill(chunk) }
  }

  private func prefill(_ chunk: PromptChunk) throws(ModelError) {
    try ledger.check(chunk, hiddenSize: hiddenSize)
    let (slot, prompt, rows) = (chunk.slot, chunk.prompt, chunk.rows)
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

  /// See ``GPTDecoder/decode(_:samplers:)``.
  public func decode(_ rows: [DecodeRow], samplers: [CodeSampler]) throws(ModelError) -> [DecodedRow] {
    try ledger.check(rows, samplers: samplers, codes: audioCodeCount, codePositions: codePositions.rowCount)
    for (index, row) in rows.enumerated() {
      let state = UnsafeMutableBufferPointer(start: buffers.states.row(index), count: hiddenSize)
      state.update(repeating: 0)
      codeEmbedding.add(row: row.code, to: state)
      codePositions.add(row: row.codeIndex, to: state)
      buffers.setPlace(index, slot: row.slot, position: row.promptLength + row.codeIndex)
    }
    guard !rows.isEmpty else { return [] }
    try runLayers(rows: rows.count, keepsOutput: true)
    typealias Buffer = UnsafeMutableBufferPointer<Float>
    try logits.withUnsafeMutableBufferPointer { (logits: inout Buffer) throws(ModelError) in
      try latents.withUnsafeMutableBufferPointer { (latents: inout Buffer) throws(ModelError) in
        guard let logits = logits.baseAddress, let latents = latents.baseAddress else { return }
        try finish(rows: rows.count, logits: logits, hidden: latents)
      }
    }
    ledger.noteStep(rows)
    return logits.withUnsafeBufferPointer { scores in
      rows.indices.map { index in
        let codes = (index * audioCodeCount)..<((index + 1) * audioCodeCount)
        return DecodedRow(
          code: samplers[index].draw(logits: UnsafeBufferPointer(rebasing: scores[codes])),
          latent: latents[(index * hiddenSize)..<((index + 1) * hiddenSize)],
          logits: rows[index].needsLogits ? logits[codes] : [])
      }
    }
  }
}
