import Foundation

/// Conversion to 16-bit samples, which all lossless replies use.
enum PCM16 {
  /// Scales samples to 16 bits; values outside [-1, 1] are clipped.
  static func samples(_ samples: [Float]) -> [Int16] {
    samples.map { Int16((min(max($0, -1), 1) * 32_767).rounded()) }
  }

  /// The samples as little-endian bytes, `[frameCount × 2]`.
  static func data(_ samples: [Float]) -> Data {
    var data = Data(capacity: samples.count * 2)
    for sample in self.samples(samples) {
      withUnsafeBytes(of: sample.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }
}
