import Torch

/// The GPT through libtorch, with a static key and value cache: on a GPU in 16 or 32 bits, a decode step being one
/// recorded graph; on the CPU by the same code, one operation after the other.
///
/// A step computes all slots up to the highest in use, so that it needs no gathering: slots without a sequence are
/// idle rows. Its shapes are those of ``StepBuckets``.
///
/// Source: GPT-2 as Hugging Face implements it, with upstream's `GPT2InferenceModel` around it.
public final class TorchGPT {
  public let hiddenSize: Int
  public let audioCodeCount: Int
  public let slotCount: Int
  public let slotCapacity: Int
  public let buckets: StepBuckets

  let device: Device
  let dtype: DType
  let layers: [TransformerLayer]
  /// One per layer.
  let caches: [KeyValueCache]
  private let headCount: Int
  /// From here on everything is float32, as is what the vocoder and the sampler take.
  private let stackNorm: LayerNorm
  private let finalNorm: LayerNorm
  private let headWeight: Tensor
  private let headBias: Tensor
  private let codeEmbedding: Tensor
  private let codePositions: Tensor
  let codePositionCount: Int

  let controls: StepControls
  /// `[slots, audioCodeCount + 1]` bool: codes that the penalty is for. Idle rows mark the last column.
  private let used: Tensor
  /// `[slots, hidden + 1]` float32: hidden states and the code drawn, what comes back from a step.
  private let results: Tensor
  private let hostResults: Tensor
  /// `[slots, audioCodeCount]` float32.
  private let latestLogits: Tensor
  /// What was recorded, by shape.
  private var recorded: [StepBuckets.Shape: ReplayableWork] = [:]

  var ledger: SlotLedger
  /// The code index that follows each slot's last one, if the slot's marks hold all codes before it.
  private var markedUpTo: [Int?]

  /// - Parameters:
  ///   - slotCapacity: positions per slot: prompt rows and codes together.
  ///   - dtype: of weights and cache: float32, bfloat16 or float16.
  ///   - pinsBucket: all steps in one shape, and prompts one by one.
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
    stackNorm = try LayerNorm(weights.stackNorm, device: device)
    finalNorm = try LayerNorm(weights.finalNorm, device: device)
    headWeight = try weights.headWeight.tensor(on: device)
    headBias = try weights.headBias.tensor(on: device)
    codeEmbedding = try weights.codeEmbedding.tensor(on: device, as: dtype)
    codePositions = try weights.codePositions.tensor(on: device, as: dtype)
    codePositionCount = weights.codePositionCount
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

  /// Records every shape of step on a GPU, so that no request waits for it; on the CPU there is nothing to do.
  /// - Throws: ``ModelError`` `backend`, when the card has no room.
  public func prepare() throws(ModelError) {
    guard case .cuda = device else { return }
    try ModelError.wrapping { () throws(TorchError) in
      // All rows idle: recording runs the step, which must not touch a sequence.
      for shape in buckets.all {
        try controls.send([], shape: shape)
        _ = try work(for: shape)
      }
    }
  }

  // MARK: One step

  /// Sends the rows, runs the step, and waits for `results`, whose host copy `take` reads: `[rows of the shape,
  /// hidden + 1]`.
  func step(
    _ rows: [(row: DecodeRow, draw: DrawParameters)],
    _ take: (StepBuckets.Shape, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(TorchError) {
    let shape = shape(of: rows.map(\.row))
    try controls.send(rows, shape: shape)
    try work(for: shape).run()
    try hostResults.narrowed(0, shape.slots).copy(from: try results.narrowed(0, shape.slots))
    try hostResults.withUnsafeMutableElements(of: Float.self) { take(shape, $0) }
  }

  private func shape(of rows: [DecodeRow]) -> StepBuckets.Shape {
    let length = rows.reduce(1) { max($0, $1.promptLength + $1.codeIndex + 1) }
    let shape = buckets.shape(slots: rows.lazy.map(\.slot), length: length)
    // Without a graph any part of the cache will do, and a row by itself is the same in every slot.
    guard device == .cpu, !buckets.isPinned, rows.count == 1, let row = rows.first else { return shape }
    return StepBuckets.Shape(slots: row.slot..<(row.slot + 1), length: shape.length)
  }

  /// Recorded when it is first needed.
  private func work(for shape: StepBuckets.Shape) throws(TorchError) -> ReplayableWork {
    if let work = recorded[shape] { return work }
    let work = try ReplayableWork(on: device, sharingMemoryOf: recorded.values.first) {
      [unowned self] () throws(TorchError) in try self.compute(shape)
    }
    recorded[shape] = work
    return work
  }

  /// From `controls` to `results` and `logits`. The same operations each time, and none that waits for the device.
  private func compute(_ shape: StepBuckets.Shape) throws(TorchError) {
    let positions = try controls.positions(shape)
    let step = DecodeStep(
      shape: shape, positions: positions,
      mask: try positions.positionMask(length: shape.length, heads: headCount, dtype: dtype))
    var states = try codeEmbedding.selected(dim: 0, indices: try controls.codes(shape))
    try states.add(try codePositions.selected(dim: 0, indices: try controls.codeIndices(shape)))
    for (layer, cache) in zip(layers, caches) { states = try layer.decode(states, cache: cache, step: step) }
    let hidden = try finalNorm(try stackNorm(try states.converted(to: .float32)))
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

  func readLogits(ofSlots slots: Range<Int>) throws(TorchError) -> [Float] {
    try latestLogits.narrowed(0, slots).floats()
  }

  /// Makes a slot's marks those of its sampler, unless the steps before this one have done so.
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

  /// A slot's marks are of another sequence from now on.
  func forgetMarks(slot: Int) { markedUpTo[slot] = nil }
}
