import CTorch

/// libtorch's process-wide state.
public enum Runtime {
  /// libtorch's version, "1.13.1".
  public static var version: String { String(cString: ct_version()) }

  /// The library that computes matrix products.
  public static var blas: BLAS {
    var path = [CChar](repeating: 0, count: 4096)
    ct_blas_path(&path, path.count)
    let bytes = path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return BLAS(libraryPath: String(decoding: bytes, as: UTF8.self), hasMKL: ct_has_mkl())
  }

  /// Threads for operators started by the calling thread. Each thread that calls libtorch sets its own.
  /// - Throws: ``TorchError`` unless the count is 1–1024.
  public static func setThreadCount(_ count: Int) throws(TorchError) {
    try TorchError.check(ct_set_thread_count(Int32(clamping: count)))
  }

  public static var threadCount: Int { Int(ct_thread_count()) }

  /// CUDA devices that answer; 0 without CUDA in libtorch or without a driver.
  public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// Whether a GPU may round the inputs of float32 convolutions to TF32 (10 bits of mantissa).
  public static func setTF32(_ allowed: Bool) throws(TorchError) {
    try TorchError.check(ct_set_tf32(allowed))
  }

  public static func isAvailable(_ device: Device) -> Bool {
    switch device {
    case .cpu: true
    case .cuda(let index): index >= 0 && index < cudaDeviceCount
    }
  }
}
