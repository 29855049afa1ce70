/// A sequence on libtorch. Each window is decoded with all the context that its samples depend on; no state is kept.
final class WindowedVocoder: SequenceVocoder {
  private let vocoder: Vocoder
  private let timeline: VocoderTimeline
  /// `[speakerSize]`.
  private let speakerEmbedding: [Float]

  init(_ vocoder: Vocoder, timeline: VocoderTimeline, speakerEmbedding: [Float]) {
    self.vocoder = vocoder
    self.timeline = timeline
    self.speakerEmbedding = speakerEmbedding
  }

  func decode(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> [Float] {
    let request = try BackgroundVocoder.Request(
      codes: codes, isLast: isLast, of: timeline, latents: latents, latentSize: vocoder.latentSize,
      speakerEmbedding: speakerEmbedding)
    guard let request else { return [] }
    return try vocoder.decode(
      request.window, of: timeline, latents: request.latents, speakerEmbedding: speakerEmbedding)
  }
}
