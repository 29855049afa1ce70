import SpeechCore

/// Reference audio prepared for the model: resampled to its rates and cut into its pieces. The preparation does not use
/// the model, so it can run on any thread.
public struct ReferenceAudio: Sendable, Equatable {
  /// The peak to which upstream scales a file if the configuration requires it.
  private static let normalizedPeak: Float = 0.75

  /// The input of the GPT, at the model's rate: pieces of the configured length, across all clips.
  let chunks: [[Float]]
  /// The input of the speaker encoder, at its rate: one array per clip.
  let clips: [[Float]]

  /// - Parameters:
  ///   - clips: mono audio of one voice, at any rates; at least 0.33 s each.
  ///   - settings: replace those of the configuration.
  /// - Throws: ``ModelError`` `invalidArgument` for audio that is too short or not finite, or settings out of range.
  public init(
    _ clips: [AudioClip], settings: CloningSettings = CloningSettings(), configuration: XTTSConfiguration
  ) throws(ModelError) {
    guard settings.isValid else {
      throw ModelError(.invalidArgument, "cloning settings are out of range: \(settings.parts.joined(separator: " "))")
    }
    var configuration = configuration
    configuration.conditioning.apply(settings)
    guard !clips.isEmpty else { throw ModelError(.invalidArgument, "no reference audio") }
    var pieces: [[Float]] = []
    for clip in clips { pieces.append(try Self.prepared(clip, configuration)) }
    let toSpeakerRate = try SincResampler(from: configuration.inputSampleRate, to: SpeakerEncoder.sampleRate)
    self.clips = pieces.map { toSpeakerRate($0) }
    chunks = Self.chunks(of: pieces.flatMap { $0 }, configuration)
    guard !chunks.isEmpty else { throw Self.tooShort }
  }

  /// The samples at the model's rate, clipped to -1…1 and cut to the length that the model uses.
  private static func prepared(_ clip: AudioClip, _ configuration: XTTSConfiguration) throws(ModelError) -> [Float] {
    guard clip.samples.allSatisfy(\.isFinite) else {
      throw ModelError(.invalidArgument, "the reference audio has samples that are not numbers")
    }
    let sampleRate = configuration.inputSampleRate
    let resampled = try SincResampler(from: clip.sampleRate, to: sampleRate)(clip.samples)
    let most = configuration.conditioning.maximumReferenceSeconds * sampleRate
    let used = resampled.prefix(most).map { min(max($0, -1), 1) }
    guard Double(used.count) >= VoiceConditioner.minimumSeconds * Double(sampleRate) else { throw tooShort }
    guard configuration.conditioning.normalizesLoudness else { return used }
    let peak = used.reduce(0) { max($0, abs($1)) }
    return peak > 0 ? used.map { $0 / peak * normalizedPeak } : used
  }

  /// Pieces of the configured length. The rest at the end is used only if it is long enough.
  private static func chunks(of samples: [Float], _ configuration: XTTSConfiguration) -> [[Float]] {
    let sampleRate = configuration.inputSampleRate
    let used = samples.prefix(configuration.conditioning.maximumSeconds * sampleRate)
    let length = configuration.conditioning.chunkSeconds * sampleRate
    return stride(from: 0, to: used.count, by: length)
      .map { Array(used[$0..<min($0 + length, used.count)]) }
      .filter { Double($0.count) >= VoiceConditioner.minimumSeconds * Double(sampleRate) }
  }

  private static var tooShort: ModelError {
    ModelError(.invalidArgument, "the reference audio is shorter than \(VoiceConditioner.minimumSeconds) seconds")
  }
}
