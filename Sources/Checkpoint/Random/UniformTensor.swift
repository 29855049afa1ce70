import Foundation

/// Fills a tensor with `random.symmetric(index) * halfRange + center`, each operation rounded to float32, on all cores.
struct UniformTensor {
  private static let chunkByteCount = 1 << 18

  let random: CounterRandom
  let center: Float
  let halfRange: Float
  let scalarType: ScalarType

  func fill(_ bytes: UnsafeMutableRawBufferPointer) {
    let chunkCount = (bytes.count + Self.chunkByteCount - 1) / Self.chunkByteCount
    nonisolated(unsafe) let target = bytes  // the chunks don't overlap
    DispatchQueue.concurrentPerform(iterations: chunkCount) { chunk in
      let start = chunk * Self.chunkByteCount
      let end = min(start + Self.chunkByteCount, target.count)
      fill(UnsafeMutableRawBufferPointer(rebasing: target[start..<end]), firstByte: start)
    }
  }

  private func fill(_ bytes: UnsafeMutableRawBufferPointer, firstByte: Int) {
    let size = scalarType.byteCount
    let first = firstByte / size
    if scalarType == .float16 {
      let values = bytes.assumingMemoryBound(to: UInt16.self)
      for index in 0..<values.count { values[index] = Float16(value(first + index)).bitPattern }
    } else {
      let values = bytes.assumingMemoryBound(to: Float.self)
      for index in 0..<values.count { values[index] = value(first + index) }
    }
  }

  private func value(_ index: Int) -> Float { random.symmetric(index) * halfRange + center }

  static func store(_ value: Float, _ scalarType: ScalarType, at index: Int, in bytes: UnsafeMutableRawBufferPointer) {
    let offset = index * scalarType.byteCount
    guard offset >= 0, offset + scalarType.byteCount <= bytes.count else { return }
    if scalarType == .float16 {
      bytes.storeBytes(of: Float16(value).bitPattern, toByteOffset: offset, as: UInt16.self)
    } else {
      bytes.storeBytes(of: value, toByteOffset: offset, as: Float.self)
    }
  }
}
