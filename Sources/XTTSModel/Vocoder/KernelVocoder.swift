import CKernels

/// The vocoder on the CPU kernels, in float32. It computes the same function as ``Vocoder``.
///
/// The bytes of a sample depend only on the latents in its receptive field. The windows of a sequence, concatenated,
/// are bit for bit the sequence decoded at once, with any number of threads.
public final class KernelVocoder {
  /// The width of a latent: the GPT's hidden size.
  let latentSize: Int
  /// The size of a speaker embedding: 512 in the published model.
  public let speakerSize: Int

  let network: KernelHiFiGAN
  /// The workspace of the calling thread.
  let workspace: VocoderWorkspace
  private let configuration: XTTSConfiguration
  /// States that no sequence uses at the moment.
  private var freeStates: [KernelVocoderState] = []

  /// - Parameters:
  ///   - packed: weights that an earlier run packed from the same checkpoint; nil packs them now.
  ///   - blockSize: the floats of a stage's signal that are computed together; nil for the best size.
  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor; `backend` without memory.
  public init(
    _ weights: ModelWeights, configuration: XTTSConfiguration, context: KernelContext, packed: PackedWeights? = nil,
    blockSize: Int? = nil
  ) throws(ModelError) {
    latentSize = configuration.gpt.hiddenSize
    self.configuration = configuration
    network = try KernelHiFiGAN(
      weights, inputSize: latentSize, conditionsEach: configuration.conditionsEachUpsampling, context: context,
      packed: packed)
    speakerSize = network.speakerSize
    workspace = try VocoderWorkspace(
      network, context: context, blockSize: blockSize ?? KernelVocoderBuffers.blockSize)
  }

  /// The positions of codes and samples for one speed (0.5–2; above 1 is faster).
  func timeline(speed: Float = 1) -> VocoderTimeline {
    VocoderTimeline(configuration: configuration, receptiveField: network.receptiveField, speed: speed)
  }

  /// Begins a sequence.
  /// - Parameter speakerEmbedding: `[speakerSize]`.
  /// - Throws: ``ModelError`` `invalidArgument` for an embedding of another size; `backend` without memory.
  func sequence(speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> KernelSequenceVocoder {
    try KernelSequenceVocoder(self, timeline: timeline(speed: speed), speakerEmbedding: speakerEmbedding)
  }

  /// Allocates memory for `count` sequences at a time. Memory for more sequences is allocated when they begin.
  public func reserve(sequences count: Int) throws(ModelError) {
    while freeStates.count < count { freeStates.append(try KernelVocoderState(network)) }
  }

  /// Creates another workspace for windows, with the threads of `context`.
  public func makeWorkspace(_ context: KernelContext) throws(ModelError) -> VocoderWorkspace {
    try VocoderWorkspace(network, context: context, blockSize: KernelVocoderBuffers.blockSize)
  }

  /// A state for a new sequence.
  func takeState() throws(ModelError) -> KernelVocoderState {
    guard let state = freeStates.popLast() else { return try KernelVocoderState(network) }
    state.begin(network)
    return state
  }

  /// Keeps a state for a later sequence.
  func release(_ state: KernelVocoderState) { freeStates.append(state) }
}
