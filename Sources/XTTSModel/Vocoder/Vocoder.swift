import Torch

/// Converts the GPT's latents to samples at 24 kHz: interpolation to frames, then HiFi-GAN, in float32.
///
/// Source: upstream `HifiDecoder`. It decodes in units of ``VocoderWindow``; a whole sequence is one window.
public final class Vocoder {
  /// One window to decode.
  struct Request {
    var sequence: SequenceKey
    var window: VocoderWindow
    /// The positions of the sequence's codes and samples.
    var timeline: VocoderTimeline
    /// The latents of `window.codes`, `[codes, latentSize]` row-major.
    var latents: ArraySlice<Float>
    /// `[speakerSize]`.
    var speakerEmbedding: [Float]

    /// Whether both can be decoded together.
    func fits(_ other: Request) -> Bool {
      window.frames.count == other.window.frames.count && timeline.stages.count == other.timeline.stages.count
    }
  }

  /// The width of a latent: the GPT's hidden size.
  let latentSize: Int
  /// The size of a speaker embedding: 512 in the published model.
  let speakerSize: Int

  private let network: HiFiGAN
  private let configuration: XTTSConfiguration
  private let device: Device

  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  init(_ weights: ModelWeights, configuration: XTTSConfiguration, device: Device) throws(ModelError) {
    latentSize = configuration.gpt.hiddenSize
    self.configuration = configuration
    self.device = device
    let stored = try HiFiGANWeights(
      weights, inputSize: latentSize, conditionsEach: configuration.conditionsEachUpsampling)
    network = try HiFiGAN(stored, device: device)
    speakerSize = network.speakerSize
  }

  /// The positions of codes and samples for one speed (0.5–2; above 1 is faster).
  func timeline(speed: Float = 1) -> VocoderTimeline {
    VocoderTimeline(configuration: configuration, receptiveField: network.receptiveField, speed: speed)
  }

  /// The next part of a sequence after new codes; nil when the new codes determine no further sample.
  /// - Throws: ``ModelError`` `invalidArgument` for missing latents or a speaker embedding of another size.
  func request(_ window: AudioWindow) throws(ModelError) -> Request? {
    guard window.speakerEmbedding.count == speakerSize else {
      throw ModelError(
        .invalidArgument,
        "the speaker embedding has \(window.speakerEmbedding.count) values, the model takes \(speakerSize)")
    }
    let timeline = timeline(speed: window.speed)
    let emitted = timeline.decodableSampleCount(codeCount: window.codes.lowerBound, isComplete: false)
    let next = try timeline.nextWindow(
      after: emitted, codeCount: window.codes.upperBound, isComplete: window.isLast)
    guard let next else { return nil }
    let used = (next.codes.lowerBound * latentSize)..<(next.codes.upperBound * latentSize)
    guard used.upperBound <= window.latents.count else {
      throw ModelError(.invalidArgument, "a vocoder window needs codes \(next.codes), whose latents are missing")
    }
    return Request(
      sequence: window.sequence, window: next, timeline: timeline, latents: window.latents[used],
      speakerEmbedding: window.speakerEmbedding)
  }

  /// Decodes windows with the same number of frames. Returns all samples of those frames, `[requests, 1, samples]` on
  /// the device.
  func wave(of requests: [Request]) throws(TorchError) -> Tensor {
    let embeddings = try Tensor.from(requests.flatMap(\.speakerEmbedding), shape: [requests.count, speakerSize, 1])
    return try network(try frames(of: requests), embedding: try embeddings.sent(to: device))
  }

  /// The latents of all windows stretched to frames: `[requests, latentSize, frames]`.
  private func frames(of requests: [Request]) throws(TorchError) -> Tensor {
    let stageCount = requests.first?.timeline.stages.count ?? 0
    let count = requests.reduce(0) { $0 + $1.window.codes.count }
    var rows = try Tensor.from(requests.flatMap(\.latents), shape: [count, latentSize]).converted(
      to: .float32, on: device)
    for stage in 0..<stageCount {
      var taps: [LinearInterpolation.Tap] = []
      var start = 0
      for request in requests {
        let (window, interpolation) = (request.window, request.timeline.stages[stage])
        let inputs = window.stretch.rows[stage]
        for output in window.stretch.rows[stage + 1] {
          var tap = interpolation.tap(output, inputCount: window.stretch.totals[stage])
          tap.first += start - inputs.lowerBound
          tap.second += start - inputs.lowerBound
          taps.append(tap)
        }
        start += inputs.count
      }
      rows = try mixed(rows, taps)
    }
    return try rows.reshaped([requests.count, -1, latentSize]).transposed(1, 2).contiguous()
  }

  /// Maps `[rows, latentSize]` to one row per tap.
  private func mixed(_ rows: Tensor, _ taps: [LinearInterpolation.Tap]) throws(TorchError) -> Tensor {
    let select = { (index: KeyPath<LinearInterpolation.Tap, Int>) throws(TorchError) -> Tensor in
      let indices = try Tensor.from(integers: taps.map { Int64($0[keyPath: index]) }, shape: [taps.count])
      return try rows.selected(dim: 0, indices: try indices.sent(to: self.device))
    }
    let weights = try Tensor.from(taps.map(\.weight), shape: [taps.count, 1]).sent(to: device)
    let opposite = try Tensor.from(taps.map { 1 - $0.weight }, shape: [taps.count, 1])
      .sent(to: device)
    return try select(\.first) * opposite + select(\.second) * weights
  }
}
