import SpeechCore
import Torch

/// Computes a voice from reference audio: the GPT's conditioning latents and the vocoder's speaker embedding.
///
/// Source: upstream `Xtts.get_conditioning_latents`.
public final class VoiceConditioner {
  /// The shortest audio, and the shortest last piece of longer audio. Less contains too little of a voice.
  public static let minimumSeconds = 0.33

  /// The number of rows of ``VoiceConditioning/gptLatents``.
  public let latentCount: Int
  /// The number of values of ``VoiceConditioning/speakerEmbedding``.
  public let speakerSize: Int

  private let mel: ConditioningMel
  private let encoder: ConditioningEncoder
  private let perceiver: PerceiverResampler
  private let speaker: SpeakerEncoder
  let configuration: XTTSConfiguration
  private let device: Device

  /// - Throws: ``ModelError`` `inconsistent`, naming a missing or wrongly shaped tensor.
  public init(_ weights: ModelWeights, configuration: XTTSConfiguration, device: Device = .cpu) throws(ModelError) {
    self.configuration = configuration
    self.device = device
    encoder = try ConditioningEncoder(weights, configuration: configuration.gpt, device: device)
    mel = try ConditioningMel(
      weights, sampleRate: configuration.inputSampleRate, bandCount: encoder.bandCount, device: device)
    perceiver = try PerceiverResampler(weights, hidden: configuration.gpt.hiddenSize, device: device)
    speaker = try SpeakerEncoder(weights, device: device)
    latentCount = perceiver.latentCount
    speakerSize = speaker.outputCount
  }

  /// A partly computed voice, so that a thread with other work can compute it piece by piece.
  public struct Progress {
    let audio: ReferenceAudio
    var latents: [Tensor] = []
    var embeddings: [Tensor] = []

    /// The begin of the conditioning of `audio`.
    public init(_ audio: ReferenceAudio) { self.audio = audio }
  }

  /// Encodes the next piece of the audio.
  /// - Returns: the voice once the last piece is encoded, else nil.
  public func advance(_ progress: inout Progress) throws(ModelError) -> VoiceConditioning? {
    let audio = progress.audio
    if progress.latents.count < audio.chunks.count {
      let chunk = audio.chunks[progress.latents.count]
      progress.latents.append(
        try ModelError.wrapping { () throws(TorchError) in
          try self.latents(of: try onDevice(chunk))
        })
    } else if progress.embeddings.count < audio.clips.count {
      let clip = audio.clips[progress.embeddings.count]
      progress.embeddings.append(try ModelError.wrapping { () throws(TorchError) in try speaker(try onDevice(clip)) })
    }
    guard progress.latents.count == audio.chunks.count, progress.embeddings.count == audio.clips.count else {
      return nil
    }
    let (latents, embeddings) = (progress.latents, progress.embeddings)
    return try ModelError.wrapping { () throws(TorchError) in
      VoiceConditioning(
        gptLatents: try mean(of: latents).floats(), speakerEmbedding: try mean(of: embeddings).floats())
    }
  }

  /// Maps `[samples]` to `[latentCount, hidden]`.
  private func latents(of samples: Tensor) throws(TorchError) -> Tensor {
    try perceiver(try encoder(try mel(samples)).squeezed(0).transposed(0, 1))
  }

  private func mean(of tensors: [Tensor]) throws(TorchError) -> Tensor {
    try Tensor.concatenated(try tensors.map { tensor throws(TorchError) in try tensor.unsqueezed(0) }, dim: 0).mean(0)
  }

  private func onDevice(_ samples: [Float]) throws(TorchError) -> Tensor {
    try Tensor.from(samples).converted(to: .float32, on: device)
  }
}
