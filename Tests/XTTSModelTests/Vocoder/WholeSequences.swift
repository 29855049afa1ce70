import Torch

@testable import XTTSModel

extension KernelSequenceVocoder {
  /// Decodes the window of the new codes on the calling thread.
  func decode(codes: Range<Int>, isLast: Bool, latents: [Float]) throws(ModelError) -> [Float] {
    try next(codes: codes, isLast: isLast, latents: latents).decode(at: vocoder.workspace)
  }
}

extension KernelVocoder {
  /// Decodes a whole sequence at once. `latents` is `[codes, latentSize]`.
  func decode(latents: [Float], speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> [Float] {
    try sequence(speakerEmbedding: speakerEmbedding, speed: speed)
      .decode(codes: 0..<(latents.count / latentSize), isLast: true, latents: latents)
  }
}

extension Vocoder {
  /// Decodes a whole sequence at once. `latents` is `[codes, latentSize]`.
  func decode(latents: [Float], speakerEmbedding: [Float], speed: Float = 1) throws(ModelError) -> [Float] {
    let request = try BackgroundVocoder.Request(
      codes: 0..<(latents.count / latentSize), isLast: true, of: timeline(speed: speed), latents: latents,
      latentSize: latentSize, speakerEmbedding: speakerEmbedding)
    guard let request else { return [] }
    return try decode(
      request.window, of: request.timeline, latents: request.latents, speakerEmbedding: speakerEmbedding)
  }

  /// Decodes one window: the samples `window.samples` of the sequence.
  func decode(
    _ window: VocoderWindow, of timeline: VocoderTimeline, latents: ArraySlice<Float>, speakerEmbedding: [Float]
  ) throws(ModelError) -> [Float] {
    guard !window.samples.isEmpty else { return [] }
    let request = BackgroundVocoder.Request(
      window: window, timeline: timeline, latents: latents, speakerEmbedding: speakerEmbedding)
    try check(window, latents: latents, speakerEmbedding: speakerEmbedding)
    return try ModelError.wrapping { () throws(TorchError) in
      try wave(of: [request]).narrowed(2, window.keptSamples).floats()
    }
  }
}
