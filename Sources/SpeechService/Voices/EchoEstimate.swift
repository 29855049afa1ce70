import Foundation
import SpeechCore

/// An estimate of the echo in a recording, from the ends of its words: no sound falls faster than the room lets it. Pure.
enum EchoEstimate {
  /// Decibels below the loud parts, within which an end begins.
  private static let loudest: Float = 10
  /// The part of an end that is measured, in decibels below its beginning.
  private static let measured: ClosedRange<Float> = 3...18
  /// Decibels by which an end may rise again.
  private static let ripple: Float = 3
  private static let framesPerSecond = 100
  /// Frames of 10 ms in a moving average.
  private static let smoothing = 4

  /// - Returns: seconds in which the sound falls by 60 dB: the lower quartile of all ends; nil for fewer than two.
  static func decaySeconds(_ clip: AudioClip) -> Double? {
    let levels = levels(clip)
    guard levels.count > smoothing else { return nil }
    let threshold = levels.sorted()[levels.count * 9 / 10] - loudest
    var times: [Double] = []
    var index = 0
    while index < levels.count {
      let around = levels[max(0, index - 5)...min(levels.count - 1, index + 5)]
      guard levels[index] > threshold, levels[index] == around.max() else {
        index += 1
        continue
      }
      let (top, start) = (levels[index], index)
      var (lowest, first) = (top, Int?.none)
      while index < levels.count, levels[index] <= lowest + ripple {
        lowest = min(lowest, levels[index])
        if first == nil, levels[index] <= top - measured.lowerBound { first = index }
        if let first, index > first, levels[index] <= top - measured.upperBound {
          times.append(60 * Double(index - first) / Double(framesPerSecond) / Double(levels[first] - levels[index]))
          break
        }
        index += 1
      }
      index = max(index, start + 1)
    }
    return times.count < 2 ? nil : times.sorted()[times.count / 4]
  }

  /// Decibels per frame, smoothed.
  private static func levels(_ clip: AudioClip) -> [Float] {
    let frame = max(1, clip.sampleRate / framesPerSecond)
    let energies = stride(from: 0, to: clip.samples.count - frame + 1, by: frame).map { start in
      clip.samples[start..<start + frame].reduce(0) { $0 + $1 * $1 } / Float(frame)
    }
    return energies.indices.map { index in
      let part = energies[index..<min(index + smoothing, energies.count)]
      return 10 * log10(part.reduce(0, +) / Float(part.count) + 1e-12)
    }
  }
}
