import Torch

/// The spectrogram of the speaker encoder: pre-emphasis, then mel bands of the power spectrum. Its constants are part
/// of the checkpoint.
struct SpeakerMel {
  private static let hop = 160

  /// `[1, 1, 2]`: minus the pre-emphasis coefficient, then 1.
  private let preEmphasis: Tensor
  private let window: Tensor
  /// `[bands, bins]`.
  private let filters: Tensor
  private let windowSize: Int
  private let fftSize: Int
  let bandCount: Int

  init(_ weights: ModelWeights, _ name: String, device: Device) throws(ModelError) {
    preEmphasis = try weights.stored("\(name).0.filter", [1, 1, 2]).tensor(on: device)
    window = try weights.stored("\(name).1.spectrogram.window", [nil]).tensor(on: device)
    windowSize = window.shape[0]
    let bank = try weights.stored("\(name).1.mel_scale.fb", [nil, nil]).tensor(on: device)
    let size = bank.shape
    fftSize = 2 * (size[0] - 1)
    bandCount = size[1]
    guard windowSize <= fftSize else {
      throw ModelError(
        .inconsistent, "\(name): a window of \(windowSize) samples is longer than the transform of \(fftSize)")
    }
    filters = try ModelError.wrapping { () throws(TorchError) in try bank.transposed(0, 1) }
  }

  /// Maps `[samples]` to `[1, bands, frames]`.
  func callAsFunction(_ samples: Tensor) throws(TorchError) -> Tensor {
    let padded = try samples.reshaped([1, 1, -1]).reflectionPadded(before: 1, after: 0)
    let emphasized = try padded.convolved1D(weight: preEmphasis).squeezed(1)
    let spectrogram = try emphasized.powerSpectrogram(
      fftSize: fftSize, hop: Self.hop, windowSize: windowSize, window: window)
    return try filters.matrixProduct(spectrogram)
  }
}
