import CTorch

/// libtorch's process-wide state.
public enum Runtime {
  /// libtorch's version, such as `1.13.1`.
  public static var version: String {
    get throws(TorchError) {
      try TorchLibrary.load()
      return ct.version().map { String(cString: $0) } ?? ""
    }
  }

  /// The library that computes matrix products.
  public static var blas: BLAS {
    get throws(TorchError) {
      try TorchLibrary.load()
      var path = [CChar](repeating: 0, count: 4096)
      ct.blas_path(&path, path.count)
      let bytes = path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return BLAS(libraryPath: String(decoding: bytes, as: UTF8.self), hasMKL: ct.has_mkl())
    }
  }

  /// Threads for operators started by the calling thread. Each thread that calls libtorch sets its own.
  /// - Throws: ``TorchError`` unless the count is 1–1024.
  public static func setThreadCount(_ count: Int) throws(TorchError) {
    try TorchError.check(ct.set_thread_count(Int32(clamping: count)))
  }

  /// Whether a GPU may round the inputs of float32 convolutions to TF32 (10 bits of mantissa).
  public static func setTF32(_ allowed: Bool) throws(TorchError) {
    try TorchError.check(ct.set_tf32(allowed))
  }
}
