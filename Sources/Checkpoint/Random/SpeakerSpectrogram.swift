import Foundation

/// The constants of the speaker encoder's spectrogram, by torchaudio's formulas (`MelSpectrogram` with its defaults, a
/// Hamming window, 16 kHz, FFT of 512), in double precision.
enum SpeakerSpectrogram {
  static let preEmphasis: [Float] = [-0.97, 1]

  /// Periodic.
  static func hammingWindow(length: Int) -> [Float] {
    (0..<length).map { Float(0.54 - 0.46 * cos(2 * Double.pi * Double($0) / Double(length))) }
  }

  /// Triangular filters on the HTK mel scale from 0 to 8 kHz, not normalised; `[bins, mels]`, row-major.
  static func melFilterbank(binCount: Int, melCount: Int) -> [Float] {
    let nyquist = 8000.0
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    let corners = (0..<(melCount + 2)).map { index in
      700 * (pow(10, mel(nyquist) * Double(index) / Double(melCount + 1) / 2595) - 1)
    }
    return (0..<binCount).flatMap { bin in
      let hertz = nyquist * Double(bin) / Double(binCount - 1)
      return (0..<melCount).map { index in
        let rising = (hertz - corners[index]) / (corners[index + 1] - corners[index])
        let falling = (corners[index + 2] - hertz) / (corners[index + 2] - corners[index + 1])
        return Float(max(0, min(rising, falling)))
      }
    }
  }
}
