import Foundation
import Testing

@testable import XTTSModel

@Suite struct SincResamplerTests {
  /// A tone far below both limits comes out as the same tone.
  @Test(arguments: [
    (24_000, 22_050), (22_050, 16_000), (44_100, 22_050), (8_000, 22_050), (48_000, 22_050), (22_051, 22_050),
  ])
  func keepsATone(_ input: Int, _ output: Int) throws {
    let tone = { (rate: Int, index: Int) in Float(sin(2 * .pi * 440 * Double(index) / Double(rate))) }
    let samples = (0..<(input / 4)).map { tone(input, $0) }
    let resampled = try SincResampler(from: input, to: output)(samples)
    #expect(resampled.count == (samples.count * output + input - 1) / input)
    let middle = (resampled.count / 4)..<(3 * resampled.count / 4)
    // The window's ripple, the same in torchaudio.
    #expect(middle.allSatisfy { abs(resampled[$0] - tone(output, $0)) < 0.01 })
  }

  /// Values of `torchaudio.functional.resample` for the ramp 0, 0.1, … 0.9.
  @Test func givesTorchaudiosValues() throws {
    let ramp = (0..<10).map { Float($0) / 10 }
    let expected = Self.ramp24To22
    let resampled = try SincResampler(from: 24_000, to: 22_050)(ramp)
    #expect(resampled.count == expected.count)
    #expect(zip(resampled, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func equalRatesChangeNothing() throws {
    #expect(try SincResampler(from: 24_000, to: 24_000)([1, 2, 3]) == [1, 2, 3])
    #expect(try SincResampler(from: 24_000, to: 16_000)([]).isEmpty)
  }

  @Test func refusesOddRates() {
    for rate in [0, -1, 999, 768_001, .max] {
      #expect(throws: ModelError.self) { try SincResampler(from: rate, to: 22_050) }
    }
  }

  private static let ramp24To22: [Float] = [
    0.00257415, 0.10836501, 0.21827692, 0.32645851, 0.43678516,
    0.53824496, 0.66891158, 0.7256732, 0.96171069, 0.19191873,
  ]
}
