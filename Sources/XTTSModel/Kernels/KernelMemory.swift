import CKernels

/// Zeroed memory for kernels, handed out front to back in 64-byte steps and freed as a whole.
final class KernelMemory {
  private let base: UnsafeMutableRawPointer
  private let byteCount: Int
  private var used = 0
  /// Whether it holds what was packed before: then parts are taken in the same order and nothing is packed.
  let isFilled: Bool

  /// - Parameter pages: huge ones for weights, which are read from end to end; small ones for caches, of which only
  ///   the touched part should take memory.
  init(byteCount: Int, pages: ck_pages, isFilled: Bool = false) throws(ModelError) {
    guard byteCount > 0, let memory = ck_memory_allocate(byteCount, pages) else {
      throw ModelError(.backend, "\(byteCount) bytes of memory can't be had")
    }
    base = memory
    self.byteCount = byteCount
    self.isFilled = isFilled
  }

  deinit { ck_memory_free(base, byteCount) }

  /// All of it, for whoever fills it.
  var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: base, count: byteCount) }

  /// The part that was taken.
  var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: used) }

  /// Bytes that `byteCount` takes here.
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

/// Rows of floats for kernels to work on. Between rows lie a few unused floats: rows a power of two apart would share
/// the same few lines of the first-level cache.
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
