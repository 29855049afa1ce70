import Torch

/// The input of the conditioning encoder: a log mel spectrogram of 80 bands, divided by the training statistics.
///
/// Source: upstream `wav_to_mel_cloning`.
struct ConditioningMel {
  private static let fftSize = 2048
  private static let hop = 256
  private static let windowSize = 1024
  private static let highestFrequency: Float = 8000

  private let window: Tensor
  /// `[bands, bins]`.
  private let filters: Tensor
  /// `[bands, 1]`.
  private let statistics: Tensor

  init(_ weights: ModelWeights, sampleRate: Int, bandCount: Int, device: Device) throws(ModelError) {
    let stored = try weights.stored("mel_stats", [bandCount]).tensor(on: device)
    let bank = MelFilterbank(
      binCount: Self.fftSize / 2 + 1, bandCount: bandCount, sampleRate: sampleRate, highest: Self.highestFrequency)
    (window, filters, statistics) = try ModelError.wrapping { () throws(TorchError) in
      let window = try Tensor.hannWindow(size: Self.windowSize).converted(to: .float32, on: device)
      let filters = try Tensor.from(bank.values, shape: [bank.binCount, bandCount])
        .converted(to: .float32, on: device).transposed(0, 1)
      return (window, filters, try stored.reshaped([bandCount, 1]))
    }
  }

  /// Maps `[samples]` to `[1, bands, frames]`. There must be more than 1024 samples, for the reflection at the edges.
  func callAsFunction(_ samples: Tensor) throws(TorchError) -> Tensor {
    let spectrogram = try samples.unsqueezed(0).powerSpectrogram(
      fftSize: Self.fftSize, hop: Self.hop, windowSize: Self.windowSize, window: window)
    let mel = try filters.matrixProduct(spectrogram)
    return try mel.clamped(minimum: 1e-5).logarithm() / statistics
  }
}
