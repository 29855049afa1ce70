import CSndfile

/// An open libsndfile handle for a ``MemoryFile``. It is closed when it goes out of scope.
struct SoundFile: ~Copyable {
  private let handle: OpaquePointer
  private let file: MemoryFile
  let info: SF_INFO

  /// - Returns: nil when libsndfile does not accept the content or the format.
  init?(_ file: MemoryFile, mode: CInt, info: SF_INFO = SF_INFO()) {
    var info = info
    var callbacks = MemoryFile.callbacks
    // libsndfile keeps this pointer, so `file` must outlive the handle. This object owns both.
    let context = Unmanaged.passUnretained(file).toOpaque()
    guard let handle = sf_open_virtual(&callbacks, mode, &info, context) else { return nil }
    self.handle = handle
    self.file = file
    self.info = info
  }

  deinit { sf_close(handle) }

  /// Reads interleaved float32 frames and returns their number, which is smaller than requested at the end.
  borrowing func read(into buffer: inout [Float]) -> Int {
    let channels = Int(info.channels)
    return buffer.withUnsafeMutableBufferPointer {
      Int(sf_readf_float(handle, $0.baseAddress, sf_count_t($0.count / channels)))
    }
  }

  /// - Parameter samples: interleaved.
  borrowing func write(_ samples: [Int16]) -> Bool {
    samples.withUnsafeBufferPointer {
      sf_write_short(handle, $0.baseAddress, sf_count_t($0.count)) == sf_count_t($0.count)
    }
  }

  /// - Parameter samples: interleaved.
  borrowing func write(_ samples: [Float]) -> Bool {
    samples.withUnsafeBufferPointer {
      sf_write_float(handle, $0.baseAddress, sf_count_t($0.count)) == sf_count_t($0.count)
    }
  }

  borrowing func setOggPageLatency(milliseconds: Double) {
    var latency = milliseconds
    sf_command(handle, CInt(SFC_SET_OGG_PAGE_LATENCY_MS), &latency, CInt(MemoryLayout<Double>.size))
  }

  borrowing func setComment(_ text: String) { sf_set_string(handle, CInt(SF_STR_COMMENT), text) }

  /// - Parameters:
  ///   - compression: 0 (largest) to 1 (smallest); libsndfile maps it to bit rates.
  ///   - isConstant: whether all frames have the same size.
  borrowing func setCompression(_ compression: Double, isConstant: Bool) {
    var mode = CInt(SF_BITRATE_MODE_CONSTANT)
    if isConstant { sf_command(handle, CInt(SFC_SET_BITRATE_MODE), &mode, CInt(MemoryLayout<CInt>.size)) }
    var level = compression
    sf_command(handle, CInt(SFC_SET_COMPRESSION_LEVEL), &level, CInt(MemoryLayout<Double>.size))
  }
}
