import SpeechCore
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
    let window = AudioWindow(
      sequence: SequenceKey(request: 0, segment: 0), codes: 0..<(latents.count / latentSize), isLast: true,
      isBeside: false, latents: latents, speakerEmbedding: speakerEmbedding, speed: speed)
    guard let request = try request(window) else { return [] }
    return try decode(
      request.window, of: request.timeline, latents: request.latents, speakerEmbedding: speakerEmbedding)
  }

  /// Decodes one window: the samples `window.samples` of the sequence.
  func decode(
    _ window: VocoderWindow, of timeline: VocoderTimeline, latents: ArraySlice<Float>, speakerEmbedding: [Float]
  ) throws(ModelError) -> [Float] {
    guard !window.samples.isEmpty else { return [] }
    let request = Request(
      sequence: SequenceKey(request: 0, segment: 0), window: window, timeline: timeline, latents: latents,
      speakerEmbedding: speakerEmbedding)
    return try ModelError.wrapping { () throws(TorchError) in
      try wave(of: [request]).narrowed(2, window.keptSamples).floats()
    }
  }
}

extension VoiceConditioner {
  /// Computes a voice at once.
  func conditioning(
    from clips: [AudioClip], settings: CloningSettings = CloningSettings()
  ) throws(ModelError) -> VoiceConditioning {
    var progress = Progress(try ReferenceAudio(clips, settings: settings, configuration: configuration))
    while true {
      if let voice = try advance(&progress) { return voice }
    }
  }
}
