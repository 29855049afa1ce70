import CKernels

/// Zeroed memory for kernels. Parts are allocated consecutively in steps of 64 bytes and freed together.
final class KernelMemory {
  private let base: UnsafeMutableRawPointer
  private let byteCount: Int
  private var used = 0
  /// Whether it already holds packed weights. Then the parts are taken in the same order, and nothing is packed.
  let isFilled: Bool

  /// - Parameter pages: huge ones for weights, which are read from end to end; small ones for caches, of which only the
  ///   used part should occupy memory.
  init(byteCount: Int, pages: ck_pages, isFilled: Bool = false) throws(ModelError) {
    guard byteCount > 0, let memory = ck_memory_allocate(byteCount, pages) else {
      throw ModelError(.backend, "can't allocate \(byteCount) bytes of memory")
    }
    base = memory
    self.byteCount = byteCount
    self.isFilled = isFilled
  }

  deinit { ck_memory_free(base, byteCount) }

  /// The whole memory, for the code that fills it.
  var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: base, count: byteCount) }

  /// The part that has been allocated.
  var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: used) }

  /// The number of bytes that a part of `byteCount` bytes occupies.
  static func padded(_ byteCount: Int) -> Int { (byteCount + 63) / 64 * 64 }

  static func byteCount(floats: Int) -> Int { padded(floats * MemoryLayout<Float>.stride) }

  func take(_ count: Int) throws(ModelError) -> UnsafeMutableRawPointer {
    let size = Self.padded(count)
    guard count >= 0, size <= byteCount - used else {
      throw ModelError(.backend, "a kernel memory of \(byteCount) bytes has no room for \(count) more")
    }
    defer { used += size }
    return base + used
  }

  func takeFloats(_ count: Int) throws(ModelError) -> UnsafeMutablePointer<Float> {
    try take(count * MemoryLayout<Float>.stride).bindMemory(to: Float.self, capacity: count)
  }
}

/// Rows of floats for kernels. A few unused floats separate the rows, because rows at a distance of a power of two
/// would share the same few lines of the first-level cache.
struct KernelRows {
  let base: UnsafeMutablePointer<Float>
  let stride: Int

  init(_ memory: KernelMemory, rows: Int, width: Int) throws(ModelError) {
    stride = Self.stride(width: width)
    base = try memory.takeFloats(rows * stride)
  }

  static func byteCount(rows: Int, width: Int) -> Int { KernelMemory.byteCount(floats: rows * stride(width: width)) }

  private static func stride(width: Int) -> Int { (width + 15) / 16 * 16 + 16 }

  func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride }
}
