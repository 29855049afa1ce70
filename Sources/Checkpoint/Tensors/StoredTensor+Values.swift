extension StoredTensor {
  /// All elements, row-major, converted to Float: exact from float16 and bfloat16, rounded from float64.
  /// Throws `unsupported` for integer and bool tensors.
  public func floats() throws(CheckpointError) -> [Float] {
    switch scalarType {
    case .float32: values { (value: Float) in value }
    case .float16: values { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case .bfloat16: values { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .float64: values { (value: Double) in Float(value) }
    default:
      throw CheckpointError(
        .unsupported, "holds \(scalarType.rawValue) where floating point is expected", file: file.path, tensor: name)
    }
  }

  /// All elements, row-major, of an integer or bool tensor. Throws `unsupported` for floating-point ones.
  public func integers() throws(CheckpointError) -> [Int] {
    switch scalarType {
    case .int64: values { (value: Int64) in Int(value) }
    case .int32: values { (value: Int32) in Int(value) }
    case .int16: values { (value: Int16) in Int(value) }
    case .int8: values { (value: Int8) in Int(value) }
    case .uint8, .bool: values { (value: UInt8) in Int(value) }
    default:
      throw CheckpointError(
        .unsupported, "holds \(scalarType.rawValue) where integers are expected", file: file.path, tensor: name)
    }
  }

  private func values<Stored: BitwiseCopyable, Value>(_ convert: (Stored) -> Value) -> [Value] {
    withUnsafeBytes { bytes in
      let count = bytes.count / MemoryLayout<Stored>.size
      return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
        for index in 0..<count {
          let stored = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
          buffer.initializeElement(at: index, to: convert(stored))
        }
        filled = count
      }
    }
  }
}
