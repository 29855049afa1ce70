/// A tensor to write: its type, its shape, and the function that computes its bytes when the writer reaches it. A file
/// of many gigabytes therefore needs the memory of its largest tensor only.
public struct TensorSource: Sendable {
  let scalarType: ScalarType
  let shape: [Int]
  /// Fills the row-major little-endian bytes; the buffer has exactly `byteCount`.
  let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

  /// - Parameter fill: writes the row-major little-endian bytes into a zeroed buffer of exactly their number.
  public init(
    _ scalarType: ScalarType, shape: [Int], fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void
  ) {
    self.scalarType = scalarType
    self.shape = shape
    self.fill = fill
  }

  /// float32 (or float16, rounded to nearest even) from values; missing values are written as zero.
  public init(floats: [Float], shape: [Int], scalarType: ScalarType = .float32) {
    self.init(scalarType == .float16 ? .float16 : .float32, shape: shape) { bytes in
      if scalarType == .float16 {
        for (index, value) in zip(0..<(bytes.count / 2), floats) {
          bytes.storeBytes(of: Float16(value).bitPattern.littleEndian, toByteOffset: index * 2, as: UInt16.self)
        }
      } else {
        floats.withUnsafeBytes { bytes.copyMemory(from: .init(rebasing: $0.prefix(bytes.count))) }
      }
    }
  }

  /// int64 from values.
  public init(integers: [Int], shape: [Int]) {
    self.init(.int64, shape: shape) { bytes in
      integers.withUnsafeBytes { bytes.copyMemory(from: .init(rebasing: $0.prefix(bytes.count))) }
    }
  }

  /// Bytes of the tensor, or an error when the shape is negative or overflows.
  func checkedByteCount(name: String) throws(CheckpointError) -> Int {
    guard shape.allSatisfy({ $0 >= 0 }),
      let byteCount = TensorLayout.product(shape + [scalarType.byteCount])
    else { throw CheckpointError(.malformed, "has shape \(shape)", tensor: name) }
    return byteCount
  }

  /// The bytes, in a buffer of exactly `byteCount`, zero where `fill` wrote nothing.
  func bytes(byteCount: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    bytes.withUnsafeMutableBytes { fill($0) }
    return bytes
  }
}
