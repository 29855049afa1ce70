import Torch

/// The GPT on libtorch, with a static key and value cache. On a GPU it uses 16 or 32 bits and runs each decode step as
/// one recorded graph; on the CPU the same code runs one operation after the other.
///
/// A step computes all slots up to the highest one in use, so that rows need no gathering; slots without a sequence are
/// idle rows. The shapes of steps are those of ``StepBuckets``.
///
/// Source: GPT-2 as Hugging Face implements it, with upstream's `GPT2InferenceModel` around it.
public final class TorchGPT {
  /// The width of the hidden states.
  public let hiddenSize: Int
  /// The size of the audio vocabulary, start and stop codes included.
  public let audioCodeCount: Int
  /// The largest number of sequences at once.
  public let slotCount: Int
  /// The number of positions of a slot.
  public let slotCapacity: Int
  /// The shapes of its decode steps.
  let buckets: StepBuckets

  let device: Device
  let dtype: DType
  let layers: [TransformerLayer]
  /// One cache per layer.
  let caches: [KeyValueCache]
  private let headCount: Int
  /// From here on all values are float32, like the inputs of the vocoder and the sampler.
  private let stackNorm: AffineTensors
  private let finalNorm: AffineTensors
  private let headWeight: Tensor
  private let headBias: Tensor
  private let codeEmbedding: Tensor
  private let codePositions: Tensor
  let codePositionCount: Int

  let controls: StepControls
  /// `[slots, audioCodeCount + 1]` bool: the codes that the repetition penalty applies to. Idle rows mark the last
  /// column.
  private let used: Tensor
  /// `[slots, hidden + 1]` float32: the results of a step, which are the hidden states and the drawn code.
  private let results: Tensor
  private let hostResults: Tensor
  /// `[slots, audioCodeCount]` float32.
  private let latestLogits: Tensor
  /// The recorded steps by shape.
  private var recorded: [StepBuckets.Shape: ReplayableWork] = [:]

  /// The hidden states of the latest step, `[rows, hiddenSize]`.
  var latents: [Float]

  var ledger: SlotLedger
  /// The index after each slot's last code if the slot's marks contain all codes before it, else nil.
  private var markedUpTo: [Int?]

  /// - Parameters:
  ///   - slotCapacity: positions per slot: prompt rows and codes together.
  ///   - dtype: the type of weights and cache: float32, bfloat16 or float16.
  ///   - pinsBucket: uses one shape for all steps, and prefills prompts one by one.
  /// - Throws: ``ModelError`` `backend` when memory or device fails, `invalidArgument` for a size below 1.
  public init(
    _ weights: GPTWeights, slotCount: Int, slotCapacity: Int, device: Device = .cpu, dtype: DType = .float32,
    pinsBucket: Bool = false
  ) throws(ModelError) {
    guard slotCount > 0, slotCapacity > 0 else {
      throw ModelError(.invalidArgument, "a decoder needs at least one slot of at least one position")
    }
    hiddenSize = weights.hiddenSize
    headCount = weights.headCount
    audioCodeCount = weights.audioCodeCount
    self.slotCount = slotCount
    self.slotCapacity = slotCapacity
    self.device = device
    self.dtype = dtype
    buckets = StepBuckets(slotCount: slotCount, slotCapacity: slotCapacity, isPinned: pinsBucket)
    var layers: [TransformerLayer] = []
    var caches: [KeyValueCache] = []
    for layer in weights.layers {
      layers.append(try TransformerLayer(layer, headCount: weights.headCount, device: device, dtype: dtype))
      caches.append(
        try KeyValueCache(
          slotCount: slotCount, headCount: weights.headCount, capacity: slotCapacity, headSize: weights.headSize,
          device: device, dtype: dtype))
    }
    self.layers = layers
    self.caches = caches
    stackNorm = try AffineTensors(weights.stackNorm, device: device)
    finalNorm = try AffineTensors(weights.finalNorm, device: device)
    headWeight = try weights.headWeight.tensor(on: device)
    headBias = try weights.headBias.tensor(on: device)
    codeEmbedding = try weights.codeEmbedding.tensor(on: device, as: dtype)
    codePositions = try weights.codePositions.tensor(on: device, as: dtype)
    codePositionCount = weights.codePositionCount
    latents = Array(repeating: 0, count: slotCount * weights.hiddenSize)
    ledger = SlotLedger(slotCount: slotCount, capacity: slotCapacity)
    markedUpTo = Array(repeating: nil, count: slotCount)
    let (hidden, codes) = (weights.hiddenSize, weights.audioCodeCount)
    (controls, used, results, hostResults, latestLogits) = try ModelError.wrapping { () throws(TorchError) in
      (
        try StepControls(slotCount: slotCount, idlePosition: slotCapacity, idleMark: codes, device: device),
        try Tensor.zeros([slotCount, codes + 1], dtype: .bool, on: device),
        try Tensor.zeros([slotCount, hidden + 1], on: device), try Tensor.pinned([slotCount, hidden + 1]),
        try Tensor.zeros([slotCount, codes], on: device)
      )
    }
  }

  /// Records the steps of all shapes on a GPU, so that no request waits for a recording. On the CPU it does nothing.
  /// - Throws: ``ModelError`` `backend` when the GPU has too little memory.
  public func prepare() throws(ModelError) {
    guard case .cuda = device else { return }
    try ModelError.wrapping { () throws(TorchError) in
      // All rows are idle, because recording runs the step, which must not change a sequence.
      for shape in buckets.all {
        try controls.send([], shape: shape)
        _ = try work(for: shape)
      }
    }
  }

  // MARK: One step

  /// Sends the rows, runs the step and waits for `results`. `take` reads their host copy, `[rows of the shape, hidden +
  /// 1]`.
  func step(
    _ rows: [(row: DecodeRow, sampler: CodeSampler)],
    _ take: (UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(TorchError) {
    let shape = shape(of: rows.map(\.row))
    try controls.send(rows, shape: shape)
    try work(for: shape).run()
    try hostResults.narrowed(0, shape.slots).copy(from: try results.narrowed(0, shape.slots))
    try hostResults.withUnsafeMutableElements(of: Float.self) { take($0) }
  }

  private func shape(of rows: [DecodeRow]) -> StepBuckets.Shape {
    let length = rows.reduce(1) { max($0, $1.promptLength + $1.codeIndex + 1) }
    let shape = buckets.shape(slots: rows.lazy.map(\.slot), length: length)
    // Without a graph a step can use any part of the cache, and a single row gives the same result in every slot.
    guard device == .cpu, !buckets.isPinned, rows.count == 1, let row = rows.first else { return shape }
    return StepBuckets.Shape(slots: row.slot..<(row.slot + 1), length: shape.length)
  }

  /// The step of this shape. It is recorded at its first use.
  private func work(for shape: StepBuckets.Shape) throws(TorchError) -> ReplayableWork {
    if let work = recorded[shape] { return work }
    let work = try ReplayableWork(on: device, sharingMemoryOf: recorded.values.first) {
      [unowned self] () throws(TorchError) in try self.compute(shape)
    }
    recorded[shape] = work
    return work
  }

  /// Computes `results` and `latestLogits` from `controls`. The operations are the same each time, and none waits for
  /// the device.
  private func compute(_ shape: StepBuckets.Shape) throws(TorchError) {
    let positions = try controls.positions(shape)
    let step = DecodeStep(
      shape: shape, positions: positions,
      mask: try positions.positionMask(length: shape.length, heads: headCount, dtype: dtype))
    var states = try codeEmbedding.selected(dim: 0, indices: try controls.codes(shape))
    try states.add(try codePositions.selected(dim: 0, indices: try controls.codeIndices(shape)))
    for (layer, cache) in zip(layers, caches) { states = try layer.decode(states, cache: cache, step: step) }
    let hidden = try finalNorm.norm(try stackNorm.norm(try states.converted(to: .float32)))
    let scores = try hidden.linear(weight: headWeight, bias: headBias)
    let marks = try used.narrowed(0, shape.slots)
    try marks.mark(try controls.marks(shape))
    let codes = try scores.drawnCodes(
      used: try marks.narrowed(1, 0..<audioCodeCount), controls: try controls.draws(shape))
    try latestLogits.narrowed(0, shape.slots).copy(from: scores)
    let results = try results.narrowed(0, shape.slots)
    try results.narrowed(1, 0..<hiddenSize).copy(from: hidden)
    try results.narrowed(1, hiddenSize..<(hiddenSize + 1)).copy(from: codes)
  }

  // MARK: Results and marks

  /// The logits of a slot's latest step, `[audioCodeCount]`.
  func logits(ofSlot slot: Int) throws(TorchError) -> [Float] {
    try latestLogits.narrowed(0, slot..<(slot + 1)).floats()
  }

  /// Copies the sampler's used codes to the slot's marks, unless the previous steps have marked them.
  func mark(_ row: DecodeRow, _ sampler: CodeSampler) throws(TorchError) {
    guard markedUpTo[row.slot] != row.codeIndex else { return }
    var marks = [Float](repeating: 0, count: audioCodeCount + 1)
    for code in sampler.usedCodes { marks[code] = 1 }
    try used.narrowed(0, row.slot..<(row.slot + 1))
      .copyWithoutWaiting(from: try Tensor.from(marks, shape: [1, marks.count]))
    markedUpTo[row.slot] = row.codeIndex
  }

  /// Notes that a step was taken.
  func advanceMarks(_ row: DecodeRow) { markedUpTo[row.slot] = row.codeIndex + 1 }

  /// Discards a slot's marks, because they belong to another sequence.
  func forgetMarks(slot: Int) { markedUpTo[slot] = nil }
}
