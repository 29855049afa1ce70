import CKernels

/// A kernel context for tests, with one variant and a number of threads.
final class Kernels {
  let context: OpaquePointer

  init(_ variant: ck_variant, threads: Int32 = 2) throws {
    var made: OpaquePointer?
    guard ck_context_create(threads, variant, &made) == CK_OK, let made else { throw Failure() }
    context = made
  }

  deinit { ck_context_destroy(context) }

  struct Failure: Error {}
}

/// The variants that this machine supports.
let variants: [ck_variant] = (0...ck_best_variant().rawValue).map { ck_variant($0) }

/// 64-byte aligned memory from the kernels' own allocator.
final class KernelMemory {
  let byteCount: Int
  let address: UnsafeMutableRawPointer

  init(_ byteCount: Int) throws {
    guard byteCount > 0, let memory = ck_memory_allocate(byteCount, CK_HUGE_PAGES) else { throw Kernels.Failure() }
    address = memory
    self.byteCount = byteCount
  }

  deinit { ck_memory_free(address, byteCount) }

  var floats: UnsafeMutablePointer<Float> { address.assumingMemoryBound(to: Float.self) }
}

/// Deterministic numbers (splitmix64).
struct Numbers {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func uniform(_ limit: Float = 1) -> Float {
    (Float(next() >> 40) / Float(1 << 24) * 2 - 1) * limit
  }

  mutating func floats(_ count: Int, limit: Float = 1) -> [Float] {
    (0..<count).map { _ in uniform(limit) }
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }
}

/// The largest difference, relative to the largest magnitude of `expected`.
func relativeError(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  let scale = expected.map(abs).max() ?? 0
  let difference = zip(actual, expected).map { abs(Double($0) - $1) }
  guard let worst = difference.max(), difference.allSatisfy({ $0.isFinite }) else { return .infinity }
  return scale > 0 ? worst / scale : worst
}

func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
