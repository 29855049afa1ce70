import CSpeexDSP
import Foundation
import SpeechCore

/// Prepares a recording for cloning: silence at the ends is trimmed, rumble and steady noise are lowered, and the loudness
/// becomes -23 LUFS.
public enum ReferenceCleaner {
  static let loudness = -23.0
  /// Hertz; below it there is no voice.
  private static let lowestFrequency = 70.0
  /// The largest change of noise, in decibels.
  private static let largestSuppression: Int32 = -12
  /// Seconds of silence that stay at the ends.
  private static let margin = 0.1

  public static func cleaned(_ clip: AudioClip) -> AudioClip {
    let rate = Double(clip.sampleRate)
    var samples = highPassed(clip.samples, rate)
    samples = trimmed(lessNoise(samples, clip.sampleRate), rate)
    samples = Loudness.adjusted(samples, to: loudness, sampleRate: clip.sampleRate, channels: 1).samples
    return AudioClip(samples: samples, sampleRate: clip.sampleRate)
  }

  /// A Butterworth filter of second order.
  private static func highPassed(_ samples: [Float], _ rate: Double) -> [Float] {
    let k = tan(.pi * lowestFrequency / rate)
    let a0 = 1 + k * 2.0.squareRoot() + k * k
    var filter = Biquad(
      (1 / a0, -2 / a0, 1 / a0), (2 * (k * k - 1) / a0, (1 - k * 2.0.squareRoot() + k * k) / a0))
    return samples.map { Float(filter.filter(Double($0))) }
  }

  /// Drops quiet frames at the ends, 40 dB below the loudest.
  private static func trimmed(_ samples: [Float], _ rate: Double) -> [Float] {
    let frame = max(1, Int(rate / 50))
    let energies = stride(from: 0, to: samples.count, by: frame).map { start in
      let part = samples[start..<min(start + frame, samples.count)]
      return part.reduce(0) { $0 + $1 * $1 } / Float(part.count)
    }
    let threshold = max(energies.max() ?? 0, 1e-8) * 1e-4
    guard let first = energies.firstIndex(where: { $0 > threshold }),
      let last = energies.lastIndex(where: { $0 > threshold })
    else { return samples }
    let kept = Int(margin * rate)
    return Array(samples[max(0, first * frame - kept)..<min(samples.count, (last + 1) * frame + kept)])
  }

  /// Lowers steady noise with speexdsp.
  private static func lessNoise(_ samples: [Float], _ rate: Int) -> [Float] {
    let frame = rate / 50
    let peak = samples.reduce(0) { max($0, abs($1)) }
    guard samples.count >= 16 * frame, peak > 1e-6, let state = speex_preprocess_state_init(CInt(frame), CInt(rate))
    else { return samples }
    defer { speex_preprocess_state_destroy(state) }
    var suppression = largestSuppression
    speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &suppression)
    let scale = 16_384 / peak
    func frames(_ take: (inout [Int16]) -> Void) {
      for start in stride(from: 0, to: samples.count + frame, by: frame) {
        var part = (start..<start + frame).map { $0 < samples.count ? Int16(samples[$0] * scale) : 0 }
        take(&part)
      }
    }
    // The first pass only learns the noise, so that the beginning is as quiet as the rest.
    frames { speex_preprocess_estimate_update(state, &$0) }
    var output: [Float] = []
    frames { part in
      speex_preprocess_run(state, &part)
      output += part.map { Float($0) / scale }
    }
    // The output is one frame late.
    return Array(output[frame..<frame + samples.count])
  }
}
