/// Shortens the silence at the end of a segment while its audio streams: silence is held back until sound follows it,
/// so what leaves is the same however the audio was cut.
struct SilenceTrimmer: Sendable {
  /// Samples at or under this are silence: -50 dB of full scale.
  static let threshold: Float = 0.00316

  /// Most samples of silence kept at the end; nil keeps all.
  let keptSamples: Int?
  private var held: [Float] = []

  init(keptSamples: Int?) {
    self.keptSamples = keptSamples
  }

  /// Takes the next samples and gives those that may leave now.
  mutating func push(_ samples: [Float]) -> [Float] {
    guard keptSamples != nil else { return samples }
    guard let lastSound = samples.lastIndex(where: { abs($0) > Self.threshold }) else {
      held += samples
      return []
    }
    let sounding = samples[...lastSound]
    defer { held = Array(samples[(lastSound + 1)...]) }
    return held.isEmpty ? Array(sounding) : held + sounding
  }

  /// The segment is over: what is left of its silence.
  mutating func finish() -> [Float] {
    defer { held = [] }
    return Array(held.prefix(keptSamples ?? held.count))
  }
}
