import Checkpoint
import Foundation

/// A synthetic reference recording for generated checkpoints: ten harmonics of a gliding tone with a beating envelope
/// and some noise. The same in `tools/reference/generator.py`, where the golden tensors come from.
public struct ReferenceClip: Sendable {
  public var seed: UInt64
  public var seconds: Double
  public var sampleRate: Int

  public init(seed: UInt64, seconds: Double, sampleRate: Int) {
    self.seed = seed
    self.seconds = seconds
    self.sampleRate = sampleRate
  }

  /// 16-bit mono samples. Divide by 32768 for the floats that a decoder gives.
  public var samples: [Int16] {
    let noise = CounterRandom(seed: seed, name: "reference")
    let base = 110.0 + 10.0 * Double(seed % 8)
    return (0..<max(0, Int(seconds * Double(sampleRate)))).map { index in
      let time = Double(index) / Double(sampleRate)
      let phase = 2 * Double.pi * base * time + 30.0 * (1 - cos(2 * Double.pi * 0.7 * time))
      var tone = 0.0
      for harmonic in 1...10 { tone += sin(Double(harmonic) * phase) / Double(harmonic) }
      let envelope = 0.2 * (0.6 + 0.4 * sin(2 * Double.pi * 3 * time))
      let value = envelope * tone + 0.02 * Double(noise.symmetric(index))
      return Int16(clamping: Int((value * 32767 + 0.5).rounded(.down)))
    }
  }
}
