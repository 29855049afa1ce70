import Torch

/// Turns the GPT's latents into 24 kHz samples: interpolation to frames, then HiFi-GAN, in float32.
///
/// Source: upstream `HifiDecoder`. Decoding is by ``VocoderWindow``; a whole sequence is one window.
public final class Vocoder {
  /// Width of a latent: the GPT's hidden size.
  public let latentSize: Int
  /// Size of a speaker embedding: 512 in the published model.
  public let speakerSize: Int
  /// Hertz.
  public let sampleRate: Int

  private let network: HiFiGAN
  private let configuration: XTTSConfiguration
  private let device: Device

  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  public init(_ weights: ModelWeights, configuration: XTTSConfiguration, device: Device = .cpu) throws(ModelError) {
    latentSize = configuration.gpt.hiddenSize
    sampleRate = configuration.outputSampleRate
    self.configuration = configuration
    self.device = device
    network = try HiFiGAN(
      weights, inputSize: latentSize, conditionsEach: configuration.conditionsEachUpsampling, device: device)
    speakerSize = network.speakerSize
  }

  /// Where codes and samples lie for one speed (0.5–2; above 1 is faster).
  public func timeline(speed: Float = 1) -> VocoderTimeline {
    VocoderTimeline(configuration: configuration, receptiveField: network.receptiveField, speed: speed)
  }

  /// Decodes a whole sequence at once.
  /// - Parameters:
  ///   - latents: `[codes, latentSize]` row-major: the normalised hidden states of the steps that drew the codes.
  ///   - speakerEmbedding: `[speakerSize]`.
  /// - Returns: samples at ``sampleRate``, in -1…1; none for no codes.
  public func decode(latents: [Float], speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> [Float] {
    let timeline = timeline(speed: speed)
    let codeCount = latents.count / latentSize
    guard codeCount * latentSize == latents.count else {
      throw ModelError(.invalidArgument, "\(latents.count) latent values are not rows of \(latentSize)")
    }
    guard let window = try timeline.nextWindow(after: 0, codeCount: codeCount, isComplete: true) else { return [] }
    return try decode(window, of: timeline, latents: latents[...], speakerEmbedding: speakerEmbedding)
  }

  /// Decodes one window.
  /// - Parameters:
  ///   - latents: the latents of `window.codes`, `[codes, latentSize]` row-major.
  ///   - speakerEmbedding: `[speakerSize]`.
  /// - Returns: the samples `window.samples` of the sequence.
  public func decode(
    _ window: VocoderWindow, of timeline: VocoderTimeline, latents: ArraySlice<Float>, speakerEmbedding: [Float]
  ) throws(ModelError) -> [Float] {
    guard latents.count == window.codes.count * latentSize else {
      throw ModelError(
        .invalidArgument, "\(latents.count) latent values for a window of \(window.codes.count) codes")
    }
    guard speakerEmbedding.count == speakerSize else {
      throw ModelError(
        .invalidArgument, "the speaker embedding has \(speakerEmbedding.count) values, the model takes \(speakerSize)")
    }
    guard !window.samples.isEmpty else { return [] }
    return try ModelError.wrapping { () throws(TorchError) in
      let embedding = try Tensor.from(speakerEmbedding, shape: [1, speakerSize, 1]).converted(to: .float32, on: device)
      let frames = try self.frames(of: window, timeline: timeline, latents: latents)
      let wave = try network(frames, embedding: embedding)
      return try wave.narrowed(2, window.keptSamples).floats()
    }
  }

  /// The window's latents stretched to frames, `[1, latentSize, frames]`.
  private func frames(
    of window: VocoderWindow, timeline: VocoderTimeline, latents: ArraySlice<Float>
  ) throws(TorchError) -> Tensor {
    var rows = try Tensor.from(Array(latents), shape: [window.codes.count, latentSize])
      .converted(to: .float32, on: device)
    for (index, stage) in timeline.stages.enumerated() {
      rows = try stretch(
        rows, by: stage, from: window.rows[index].lowerBound, to: window.rows[index + 1], total: window.totals[index])
    }
    return try rows.transposed(0, 1).unsqueezed(0).contiguous()
  }

  /// `[rows, latentSize]`, the first of them row `offset` of the sequence, to the rows `outputs` of the next stage.
  private func stretch(
    _ rows: Tensor, by stage: LinearInterpolation, from offset: Int, to outputs: Range<Int>, total: Int?
  ) throws(TorchError) -> Tensor {
    let taps = outputs.map { stage.tap($0, inputCount: total) }
    let select = { (index: KeyPath<LinearInterpolation.Tap, Int>) throws(TorchError) -> Tensor in
      let indices = try Tensor.from(integers: taps.map { Int64($0[keyPath: index] - offset) }, shape: [taps.count])
      return try rows.selected(dim: 0, indices: try indices.converted(to: .int64, on: self.device))
    }
    let weights = try Tensor.from(taps.map(\.weight), shape: [taps.count, 1]).converted(to: .float32, on: device)
    let opposite = try Tensor.from(taps.map { 1 - $0.weight }, shape: [taps.count, 1])
      .converted(to: .float32, on: device)
    return try select(\.first) * opposite + select(\.second) * weights
  }
}
