import Foundation
import SpeechCore

/// Changes a signal's sample rate by windowed-sinc interpolation.
///
/// Source: torchaudio's `functional.resample` with its defaults: a Hann window over six zero crossings, roll-off 0.99.
/// The output is equal up to float32 rounding. Taps outside the window, which torchaudio multiplies by zero, are
/// omitted.
struct SincResampler: Sendable {
  private static let zeroCrossings = 6.0
  private static let rolloff = 0.99

  /// Both rates, divided by their greatest common divisor.
  private let inputStep: Int
  private let outputStep: Int
  /// One filter per output phase: the offset of its first tap from the phase's input, and its taps.
  private let firstTaps: [Int]
  private let taps: [Float]
  private let tapCount: Int

  /// Accepted rates in hertz.
  static let rates = 1_000...768_000

  /// - Throws: ``ModelError`` `invalidArgument` for a rate outside ``rates``.
  init(from inputRate: Int, to outputRate: Int) throws(ModelError) {
    guard Self.rates.contains(inputRate), Self.rates.contains(outputRate) else {
      throw ModelError(
        .invalidArgument, "can't resample from \(inputRate) to \(outputRate) Hz: rates must be in \(Self.rates)")
    }
    let ratio = SampleRateRatio(from: inputRate, to: outputRate)
    (inputStep, outputStep) = (ratio.input, ratio.output)
    let input = Double(inputStep)
    let base = Double(min(inputStep, outputStep)) * Self.rolloff
    let reach = Self.zeroCrossings * input / base
    let count = Int((2 * reach).rounded(.up)) + 1
    var firstTaps: [Int] = []
    var taps: [Float] = []
    for phase in 0..<outputStep {
      let centre = Double(phase) / Double(outputStep)
      let first = Int((centre * input - reach).rounded(.up))
      firstTaps.append(first)
      for tap in first..<(first + count) {
        taps.append(Float(Self.filter(at: (Double(tap) / input - centre) * base) * base / input))
      }
    }
    tapCount = count
    self.firstTaps = firstTaps
    self.taps = taps
  }

  /// Resamples `[samples]` at the input rate to samples at the output rate.
  func callAsFunction(_ samples: [Float]) -> [Float] {
    guard inputStep != outputStep else { return samples }
    let (product, overflow) = samples.count.multipliedReportingOverflow(by: outputStep)
    guard !overflow else { return [] }
    let outputCount = (product + inputStep - 1) / inputStep
    return [Float](unsafeUninitializedCapacity: outputCount) { output, count in
      samples.withUnsafeBufferPointer { samples in
        taps.withUnsafeBufferPointer { taps in
          for index in 0..<outputCount {
            let phase = index % outputStep
            let start = index / outputStep * inputStep + firstTaps[phase]
            let row = phase * tapCount - start
            var sum: Float = 0
            var position = max(start, 0)
            let end = min(start + tapCount, samples.count)
            while position < end {
              sum += samples[position] * taps[row + position]
              position += 1
            }
            output[index] = sum
          }
        }
      }
      count = outputCount
    }
  }

  /// The windowed `sinc(t)`; `t` is in zero crossings.
  private static func filter(at t: Double) -> Double {
    guard abs(t) < zeroCrossings else { return 0 }
    let window = cos(t * .pi / zeroCrossings / 2)
    return SampleRateRatio.sinc(t) * window * window
  }
}
