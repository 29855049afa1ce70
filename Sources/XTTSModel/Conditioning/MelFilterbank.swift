import Foundation

/// Triangular filters on the mel scale, which sum the bins of a power spectrum.
///
/// Source: torchaudio's `melscale_fbanks` with the HTK scale and Slaney's area normalisation, also in float32.
struct MelFilterbank {
  /// `[binCount, bandCount]` row-major.
  let values: [Float]
  let binCount: Int
  let bandCount: Int

  init(binCount: Int, bandCount: Int, sampleRate: Int, highest: Float) {
    self.binCount = binCount
    self.bandCount = bandCount
    let frequencies = Self.evenlySpaced(to: Float(sampleRate / 2), count: binCount)
    let top = Float(2595 * log10(1 + Double(highest) / 700))
    let edges = Self.evenlySpaced(to: top, count: bandCount + 2).map { 700 * (pow(10, $0 / 2595) - 1) }
    var values = [Float](repeating: 0, count: binCount * bandCount)
    for (bin, frequency) in frequencies.enumerated() {
      for band in 0..<bandCount {
        let rising = (frequency - edges[band]) / (edges[band + 1] - edges[band])
        let falling = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1])
        values[bin * bandCount + band] = max(0, min(rising, falling)) * (2 / (edges[band + 2] - edges[band]))
      }
    }
    self.values = values
  }

  /// Evenly spaced values from zero to `end`, both included. Like in libtorch, the second half is computed from the
  /// end.
  private static func evenlySpaced(to end: Float, count: Int) -> [Float] {
    let step = end / Float(count - 1)
    return (0..<count).map { $0 < count / 2 ? step * Float($0) : end - step * Float(count - 1 - $0) }
  }
}
