import CTorch

extension Tensor {
  /// A periodic Hann window, `[size]` float32 on the CPU.
  public static func hannWindow(size: Int) throws(TorchError) -> Tensor {
    try make { ct.window(CT_HANN, Int64(size), $0) }
  }

  /// Mirrored at both ends of the last dimension; `[channels, n]` or `[batch, channels, n]`.
  public func reflectionPadded(before: Int, after: Int) throws(TorchError) -> Tensor {
    try Self.make { ct.pad_reflect(handle, Int64(before), Int64(after), $0) }
  }

  /// `[batch, n]` to `[batch, fftSize / 2 + 1, 1 + n / hop]`: squared magnitudes, frames centred with reflection.
  public func powerSpectrogram(fftSize: Int, hop: Int, windowSize: Int, window: Tensor) throws(TorchError) -> Tensor {
    try Self.make { out in
      ct.power_spectrogram(handle, Int64(fftSize), Int64(hop), Int64(windowSize), window.handle, out)
    }
  }
}
