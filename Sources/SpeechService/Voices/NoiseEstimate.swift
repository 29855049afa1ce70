import Foundation
import SpeechCore

/// An estimate of the noise in a recording: the part of its quiet frames that does not repeat, as voices do. Pure.
enum NoiseEstimate {
  /// The number of quiet frames in an estimate.
  private static let frames = 20
  /// Hertz; enough for the pitch of a voice.
  private static let pitchRate = 8_000
  /// Mean squares below it are digital silence.
  private static let silence: Float = 1e-9

  /// - Parameters:
  ///   - energies: the mean square of each frame.
  ///   - frame: samples per frame of 20 ms.
  /// - Returns: decibels; nil for less than a second.
  static func signalToNoise(_ clip: AudioClip, energies: [Float], frame: Int) -> Double? {
    guard energies.count >= 50 else { return nil }
    let order = energies.indices.filter { energies[$0] > silence }.sorted { energies[$0] < energies[$1] }
    let quiet = order.prefix(max(3, order.count / 10))
    guard quiet.count >= 3 else { return nil }
    let chosen = stride(from: 0, to: quiet.count, by: max(1, quiet.count / frames)).map { quiet[$0] }
    let noise = chosen.map { energies[$0] * (1 - periodicity(clip, at: $0 * frame, frame: frame)) }
    let loud = energies.sorted().suffix(max(1, energies.count / 4))
    let ratio = mean(Array(loud)) / max(mean(noise), 1e-10)
    return Double(10 * log10(ratio))
  }

  /// The largest correlation of 40 ms with themselves, shifted by a pitch of 60 to 400 Hz; 0 to 1.
  private static func periodicity(_ clip: AudioClip, at start: Int, frame: Int) -> Float {
    let step = max(1, clip.sampleRate / pitchRate)
    let from = max(0, min(start - frame / 2, clip.samples.count - 2 * frame))
    let samples = clip.samples[from..<min(from + 2 * frame, clip.samples.count)]
    var window = stride(from: samples.startIndex, to: samples.endIndex - step + 1, by: step).map { index in
      samples[index..<index + step].reduce(0, +) / Float(step)
    }
    let offset = mean(window)
    window = window.map { $0 - offset }
    let rate = clip.sampleRate / step
    var largest: Float = 0
    for lag in rate / 400..<min(rate / 60, window.count * 3 / 4) {
      var (product, left, right): (Float, Float, Float) = (0, 0, 0)
      for index in 0..<window.count - lag {
        product += window[index] * window[index + lag]
        left += window[index] * window[index]
        right += window[index + lag] * window[index + lag]
      }
      largest = max(largest, product / max((left * right).squareRoot(), 1e-12))
    }
    return min(1, largest)
  }

  private static func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(max(1, values.count)) }
}
