import Foundation

extension [Float] {
  /// Float32 values as bytes, `[count × 4]`.
  public var littleEndianBytes: Data {
    var data = Data(capacity: count * 4)
    for value in self {
      Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Reads what ``littleEndianBytes`` wrote; bytes after the last whole value are dropped.
  public init(littleEndianBytes data: Data) {
    self = data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { index in
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
      }
    }
  }
}
