/// Shortens the silence at the end of a segment while its audio streams. Silence is held until sound follows it, so the
/// result does not depend on the windows.
struct SilenceTrimmer: Sendable {
  /// Samples up to this value are silence: -50 dB of full scale.
  static let threshold: Float = 0.00316

  /// The largest number of samples of silence kept at the end; nil keeps all.
  let keptSamples: Int?
  private var held: [Float] = []

  init(keptSamples: Int?) {
    self.keptSamples = keptSamples
  }

  /// Adds the next samples and returns those to send now.
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

  /// Ends the segment and returns the kept part of its silence.
  mutating func finish() -> [Float] {
    defer { held = [] }
    return Array(held.prefix(keptSamples ?? held.count))
  }
}
