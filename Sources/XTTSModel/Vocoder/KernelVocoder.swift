import CKernels

/// The vocoder through the CPU kernels: what ``Vocoder`` does, in float32, with the same windows.
///
/// A sample's bytes depend on the latents in its receptive field only: windows joined end to end are, bit for bit, the
/// sequence decoded at once, with any number of threads.
public final class KernelVocoder {
  /// Width of a latent: the GPT's hidden size.
  public let latentSize: Int
  /// Size of a speaker embedding: 512 in the published model.
  public let speakerSize: Int
  /// Hertz.
  public let sampleRate: Int

  let network: KernelHiFiGAN
  private let buffers: KernelVocoderBuffers
  private let configuration: XTTSConfiguration

  /// Most frames of one pass, which bounds memory; longer windows take several.
  static let maximumFrames = 384

  /// - Parameter packed: what an earlier run packed from the same weights; nil packs them now.
  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor; `backend` without memory.
  public convenience init(
    _ weights: ModelWeights, configuration: XTTSConfiguration, context: KernelContext, packed: PackedWeights? = nil
  ) throws(ModelError) {
    try self.init(
      weights, configuration: configuration, context: context, packed: packed, frameLimit: Self.maximumFrames)
  }

  init(
    _ weights: ModelWeights, configuration: XTTSConfiguration, context: KernelContext, packed: PackedWeights? = nil,
    frameLimit: Int
  ) throws(ModelError) {
    latentSize = configuration.gpt.hiddenSize
    sampleRate = configuration.outputSampleRate
    self.configuration = configuration
    network = try KernelHiFiGAN(
      weights, inputSize: latentSize, conditionsEach: configuration.conditionsEachUpsampling, context: context,
      packed: packed)
    speakerSize = network.speakerSize
    buffers = try KernelVocoderBuffers(network, frameCount: frameLimit)
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
    // Spoken faster, the last code may not be needed.
    let used = (window.codes.lowerBound * latentSize)..<(window.codes.upperBound * latentSize)
    return try decode(window, of: timeline, latents: latents[used], speakerEmbedding: speakerEmbedding)
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
    try setSpeaker(speakerEmbedding)
    let frames = self.frames(of: window, timeline: timeline, latents: latents)
    return try [Float].filled(count: window.samples.count) { (target) throws(ModelError) in
      var done = 0
      while done < window.samples.count {
        let pass = try pass(from: window.samples.lowerBound + done, window: window)
        try decode(frames, from: window.frames.lowerBound, pass, to: target + done)
        done += pass.samples.count
      }
    }
  }

  /// As many samples from `start` as one pass can give, and the frames they depend on.
  private func pass(from start: Int, window: VocoderWindow) throws(ModelError) -> KernelHiFiGAN.Pass {
    let field = network.receptiveField
    var end = window.samples.upperBound
    while end > start {
      let frames = field.frames(for: start..<end).clamped(to: window.frames)
      if frames.count <= buffers.frameCount { return .init(samples: start..<end, frames: frames) }
      end -= max(1, min(end - start - 1, (frames.count - buffers.frameCount) * field.samplesPerFrame))
    }
    throw ModelError(.invalidArgument, "a pass of \(buffers.frameCount) frames is less than the receptive field")
  }

  private func setSpeaker(_ embedding: [Float]) throws(ModelError) {
    let result: Result<Void, ModelError> = embedding.withUnsafeBufferPointer { embedding in
      guard let embedding = embedding.baseAddress else { return .success(()) }
      do throws(ModelError) {
        return .success(try network.setSpeaker(embedding, buffers))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Runs a pass through the network.
  /// - Parameters:
  ///   - frames: rows of the sequence from row `first` on, those of the pass among them.
  ///   - samples: receives the pass's samples.
  private func decode(
    _ frames: [Float], from first: Int, _ pass: KernelHiFiGAN.Pass, to samples: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    let signal = network.frames(buffers, rows: pass.frames.count)
    frames.withUnsafeBufferPointer { frames in
      guard let frames = frames.baseAddress else { return }
      let offset = (pass.frames.lowerBound - first) * latentSize
      signal.start.update(from: frames + offset, count: pass.frames.count * latentSize)
    }
    try network.run(frames: signal, pass, buffers, samples: samples)
  }

  /// The window's latents stretched to frames, `[frames, latentSize]`.
  private func frames(
    of window: VocoderWindow, timeline: VocoderTimeline, latents: ArraySlice<Float>
  ) -> [Float] {
    var rows = Array(latents)
    for (index, stage) in timeline.stages.enumerated() {
      rows = stretch(
        rows, by: stage, from: window.rows[index].lowerBound, to: window.rows[index + 1], total: window.totals[index])
    }
    return rows
  }

  /// `[rows, latentSize]`, the first of them row `offset` of the sequence, to the rows `outputs` of the next stage.
  private func stretch(
    _ rows: [Float], by stage: LinearInterpolation, from offset: Int, to outputs: Range<Int>, total: Int?
  ) -> [Float] {
    let size = latentSize
    return [Float](unsafeUninitializedCapacity: outputs.count * size) { stretched, count in
      rows.withUnsafeBufferPointer { rows in
        for (index, output) in outputs.enumerated() {
          let tap = stage.tap(output, inputCount: total)
          let first = (tap.first - offset) * size, second = (tap.second - offset) * size
          for column in 0..<size {
            let value = rows[first + column] * (1 - tap.weight) + rows[second + column] * tap.weight
            stretched.initializeElement(at: index * size + column, to: value)
          }
        }
      }
      count = outputs.count * size
    }
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
