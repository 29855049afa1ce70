import SpeechCore
import Torch

/// Computes a voice from reference audio: the GPT's conditioning latents and the vocoder's speaker embedding.
///
/// Source: upstream `Xtts.get_conditioning_latents`.
public final class VoiceConditioner {
  /// Shorter audio, or a shorter last piece of it, says too little of a voice.
  public static let minimumSeconds = 0.33
  /// Upstream scales a file to this peak where the model asks for it.
  private static let normalizedPeak: Float = 0.75

  /// Rows of ``VoiceConditioning/gptLatents``.
  public let latentCount: Int
  /// Values of ``VoiceConditioning/speakerEmbedding``.
  public let speakerSize: Int

  private let mel: ConditioningMel
  private let encoder: ConditioningEncoder
  private let perceiver: PerceiverResampler
  private let speaker: SpeakerEncoder
  private let configuration: XTTSConfiguration.Conditioning
  private let sampleRate: Int
  private let device: Device

  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  public init(_ weights: ModelWeights, configuration: XTTSConfiguration, device: Device = .cpu) throws(ModelError) {
    self.configuration = configuration.conditioning
    sampleRate = configuration.inputSampleRate
    self.device = device
    encoder = try ConditioningEncoder(weights, configuration: configuration.gpt, device: device)
    mel = try ConditioningMel(
      weights, sampleRate: configuration.inputSampleRate, bandCount: encoder.bandCount, device: device)
    perceiver = try PerceiverResampler(weights, hidden: configuration.gpt.hiddenSize, device: device)
    speaker = try SpeakerEncoder(weights, device: device)
    latentCount = perceiver.latentCount
    speakerSize = speaker.outputCount
  }

  /// - Parameter clips: mono audio of one voice, at any rates; at least 0.33 s each.
  /// - Throws: ``ModelError`` `invalidArgument` for audio that is too short or not finite.
  public func conditioning(from clips: [AudioClip]) throws(ModelError) -> VoiceConditioning {
    guard !clips.isEmpty else { throw ModelError(.invalidArgument, "no reference audio") }
    var pieces: [[Float]] = []
    for clip in clips { pieces.append(try prepared(clip)) }
    let toSpeakerRate = try SincResampler(from: sampleRate, to: SpeakerEncoder.sampleRate)
    let chunks = chunks(of: pieces.flatMap { $0 })
    guard !chunks.isEmpty else { throw Self.tooShort }
    return try ModelError.wrapping { () throws(TorchError) in
      let embeddings = try pieces.map { piece throws(TorchError) in try speaker(try onDevice(toSpeakerRate(piece))) }
      let latents = try chunks.map { chunk throws(TorchError) in try self.latents(of: try onDevice(chunk)) }
      return VoiceConditioning(
        gptLatents: try mean(of: latents).floats(), speakerEmbedding: try mean(of: embeddings).floats())
    }
  }

  /// At the model's rate, clipped to -1…1, no longer than the model uses.
  private func prepared(_ clip: AudioClip) throws(ModelError) -> [Float] {
    guard clip.samples.allSatisfy(\.isFinite) else {
      throw ModelError(.invalidArgument, "the reference audio has samples that are not numbers")
    }
    let resampled = try SincResampler(from: clip.sampleRate, to: sampleRate)(clip.samples)
    let used = resampled.prefix(configuration.maximumReferenceSeconds * sampleRate).map { min(max($0, -1), 1) }
    guard Double(used.count) >= Self.minimumSeconds * Double(sampleRate) else { throw Self.tooShort }
    guard configuration.normalizesLoudness else { return used }
    let peak = used.reduce(0) { max($0, abs($1)) }
    return peak > 0 ? used.map { $0 / peak * Self.normalizedPeak } : used
  }

  /// Pieces of the configured length; what is left at the end only if it is long enough.
  private func chunks(of samples: [Float]) -> [[Float]] {
    let used = samples.prefix(configuration.maximumSeconds * sampleRate)
    let length = configuration.chunkSeconds * sampleRate
    return stride(from: 0, to: used.count, by: length)
      .map { Array(used[$0..<min($0 + length, used.count)]) }
      .filter { Double($0.count) >= Self.minimumSeconds * Double(sampleRate) }
  }

  /// `[samples]` to `[latentCount, hidden]`.
  private func latents(of samples: Tensor) throws(TorchError) -> Tensor {
    try perceiver(try encoder(try mel(samples)).squeezed(0).transposed(0, 1))
  }

  private func mean(of tensors: [Tensor]) throws(TorchError) -> Tensor {
    try Tensor.concatenated(try tensors.map { tensor throws(TorchError) in try tensor.unsqueezed(0) }, dim: 0).mean(0)
  }

  private func onDevice(_ samples: [Float]) throws(TorchError) -> Tensor {
    try Tensor.from(samples).converted(to: .float32, on: device)
  }

  private static var tooShort: ModelError {
    ModelError(.invalidArgument, "the reference audio is shorter than \(minimumSeconds) seconds")
  }
}
