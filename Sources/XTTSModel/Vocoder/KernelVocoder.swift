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
  /// The caller's.
  let place: KernelVocoderPlace
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
    place = try KernelVocoderPlace(network, context: context, blockSize: blockSize)
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

  /// Another place for windows, on threads of its own.
  public func makePlace(_ context: KernelContext) throws(ModelError) -> KernelVocoderPlace {
    try KernelVocoderPlace(network, context: context, blockSize: KernelVocoderBuffers.blockSize)
  }

  /// A state for a new sequence.
  func takeState() throws(ModelError) -> KernelVocoderState {
    guard let state = freeStates.popLast() else { return try KernelVocoderState(network) }
    state.begin(network)
    return state
  }

  func giveBack(_ state: KernelVocoderState) { freeStates.append(state) }
}
