/// Decodes a sequence on the CPU kernels. Each row of each layer is computed once, so the cost of a window is that of
/// its new rows.
final class KernelSequenceVocoder {
  let vocoder: KernelVocoder
  private let timeline: VocoderTimeline
  /// `[speakerSize]`.
  private let speakerEmbedding: [Float]
  /// Nil before the first window.
  private var state: KernelVocoderState?
  private var codeCount = 0
  private var hasEnded = false

  init(_ vocoder: KernelVocoder, timeline: VocoderTimeline, speakerEmbedding: [Float]) throws(ModelError) {
    guard speakerEmbedding.count == vocoder.speakerSize else {
      throw ModelError(
        .invalidArgument,
        "the speaker embedding has \(speakerEmbedding.count) values, the model takes \(vocoder.speakerSize)")
    }
    self.vocoder = vocoder
    self.timeline = timeline
    self.speakerEmbedding = speakerEmbedding
  }

  deinit { if let state { vocoder.release(state) } }

  /// The window of the new codes. Request the next one only after it is decoded.
  /// - Parameters:
  ///   - codes: the new codes since the last window, counted from the sequence's start; may be empty at the end.
  ///   - isLast: whether these are the last codes.
  ///   - latents: the latents of the sequence so far, `[≥ codes.upperBound, latentSize]` row-major.
  func next(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> KernelVocoderWindow {
    guard codes.lowerBound == codeCount, !hasEnded else {
      throw ModelError(.invalidArgument, "codes \(codes) don't follow the \(codeCount) that were decoded")
    }
    let state: KernelVocoderState
    if let begun = self.state { state = begun } else { state = try vocoder.takeState() }
    self.state = state
    let frames = state.frameCount..<timeline.certainFrameCount(codeCount: codes.upperBound, isComplete: isLast)
    let stretch = timeline.stretch(to: frames, codeCount: codes.upperBound, isComplete: isLast)
    let size = vocoder.latentSize
    guard stretch.codes.upperBound * size <= latents.count else {
      throw ModelError(.invalidArgument, "\(latents.count) latent values for codes up to \(stretch.codes.upperBound)")
    }
    codeCount = codes.upperBound
    hasEnded = isLast
    let used = latents[(stretch.codes.lowerBound * size)..<(stretch.codes.upperBound * size)]
    let end = timeline.decodableSampleCount(codeCount: codeCount, isComplete: isLast)
    return KernelVocoderWindow(
      vocoder.network, state, speakerEmbedding: speakerEmbedding, frames: stretch(used, size: size), isLast: isLast,
      sampleCount: end - state.sampleCount)
  }
}
