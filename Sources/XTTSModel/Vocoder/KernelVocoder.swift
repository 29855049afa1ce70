import CKernels

/// The vocoder through the CPU kernels: what ``Vocoder`` does, in float32.
///
/// A sample's bytes depend on the latents in its receptive field only: a sequence's windows joined end to end are, bit
/// for bit, the sequence decoded at once, with any number of threads.
public final class KernelVocoder: LatentVocoder {
  /// Width of a latent: the GPT's hidden size.
  public let latentSize: Int
  /// Size of a speaker embedding: 512 in the published model.
  public let speakerSize: Int
  /// Hertz.
  public let sampleRate: Int

  let network: KernelHiFiGAN
  private let buffers: KernelVocoderBuffers
  private let configuration: XTTSConfiguration
  /// States that no sequence has at the moment.
  private var freeStates: [KernelVocoderState] = []

  /// - Parameter packed: what an earlier run packed from the same weights; nil packs them now.
  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor; `backend` without memory.
  public convenience init(
    _ weights: ModelWeights, configuration: XTTSConfiguration, context: KernelContext, packed: PackedWeights? = nil
  ) throws(ModelError) {
    try self.init(
      weights, configuration: configuration, context: context, packed: packed,
      blockSize: KernelVocoderBuffers.blockSize)
  }

  init(
    _ weights: ModelWeights, configuration: XTTSConfiguration, context: KernelContext, packed: PackedWeights? = nil,
    blockSize: Int
  ) throws(ModelError) {
    latentSize = configuration.gpt.hiddenSize
    sampleRate = configuration.outputSampleRate
    self.configuration = configuration
    network = try KernelHiFiGAN(
      weights, inputSize: latentSize, conditionsEach: configuration.conditionsEachUpsampling, context: context,
      packed: packed)
    speakerSize = network.speakerSize
    buffers = try KernelVocoderBuffers(network, blockSize: blockSize)
  }

  /// Where codes and samples lie for one speed (0.5–2; above 1 is faster).
  public func timeline(speed: Float = 1) -> VocoderTimeline {
    VocoderTimeline(configuration: configuration, receptiveField: network.receptiveField, speed: speed)
  }

  /// Begins a sequence.
  /// - Parameter speakerEmbedding: `[speakerSize]`.
  /// - Throws: ``ModelError`` `invalidArgument` for an embedding of another size; `backend` without memory.
  public func sequence(speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> any SequenceVocoder {
    try KernelSequenceVocoder(self, timeline: timeline(speed: speed), speakerEmbedding: speakerEmbedding)
  }

  /// Makes room for so many sequences at a time; more are made room for when they come.
  public func reserve(sequences count: Int) throws(ModelError) {
    while freeStates.count < count { freeStates.append(try KernelVocoderState(network)) }
  }

  /// A state for a new sequence.
  func takeState() throws(ModelError) -> KernelVocoderState {
    guard let state = freeStates.popLast() else { return try KernelVocoderState(network) }
    state.begin(network)
    return state
  }

  func giveBack(_ state: KernelVocoderState) { freeStates.append(state) }

  /// Takes a sequence's next frames and gives the samples that are certain with them.
  /// - Parameters:
  ///   - frames: `[frames, latentSize]`.
  ///   - sampleCount: how many that are.
  func decode(
    _ frames: [Float], isLast: Bool, speakerEmbedding: [Float], _ state: KernelVocoderState, sampleCount: Int
  ) throws(ModelError) -> [Float] {
    guard !frames.isEmpty || sampleCount > 0 else { return [] }
    try withPointer(to: speakerEmbedding) { (embedding) throws(ModelError) in
      try network.setSpeaker(embedding, buffers)
    }
    return try [Float].filled(count: sampleCount) { (samples) throws(ModelError) in
      let run = KernelVocoderRun(network, state, buffers, samples: samples)
      try withPointer(to: frames) { (start) throws(ModelError) in
        try run.take(start, count: frames.count / latentSize, isEnd: isLast)
      }
    }
  }
}

/// Calls `body` with the values, which may be none.
private func withPointer(
  to values: [Float], _ body: (UnsafePointer<Float>) throws(ModelError) -> Void
) throws(ModelError) {
  try values.withUnsafeBufferPointer { (values) throws(ModelError) in
    if let start = values.baseAddress { try body(start) }
  }
}

extension [Float] {
  /// An array whose values `body` writes, all of them.
  fileprivate static func filled(
    count: Int, _ body: (UnsafeMutablePointer<Float>) throws(ModelError) -> Void
  ) throws(ModelError) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    let result: Result<Void, ModelError> = values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return .success(()) }
      do throws(ModelError) {
        return .success(try body(start))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
    return values
  }
}
