/// Checks and walks of shapes and strides, all counted in elements.
enum TensorLayout {
  /// torch itself allows 64; no weight has more than 5.
  static let maximumRank = 32

  /// Elements from the first to the end of the last, or an error when the layout is not one that a storage of
  /// `storageCount` elements can hold after skipping `offset`. Every step is checked for overflow.
  static func extent(
    shape: [Int], strides: [Int], offset: Int, storageCount: Int
  ) throws(CheckpointError) -> Int {
    guard shape.count <= maximumRank else {
      throw CheckpointError(.limitExceeded, "has \(shape.count) dimensions, the limit is \(maximumRank)")
    }
    guard shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }), offset >= 0
    else {
      throw CheckpointError(.malformed, "has shape \(shape) with strides \(strides) and offset \(offset)")
    }
    guard let count = product(shape) else {
      throw CheckpointError(.limitExceeded, "shape \(shape) overflows")
    }
    guard count > 0 else {
      guard offset <= storageCount else { throw outside(shape, strides, offset, storageCount) }
      return 0
    }
    // An expanded tensor (stride 0) could claim far more elements than the file has bytes.
    guard count <= storageCount else { throw outside(shape, strides, offset, storageCount) }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, carried) = last.addingReportingOverflow(step)
      guard !overflow, !carried else { throw outside(shape, strides, offset, storageCount) }
      last = sum
    }
    guard last < storageCount else { throw outside(shape, strides, offset, storageCount) }
    return last - offset + 1
  }

  /// The product of `sizes`, or nil when it overflows.
  static func product(_ sizes: [Int]) -> Int? {
    if sizes.contains(0) { return 0 }
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }

  static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var next = 1
    for axis in shape.indices.reversed() {
      strides[axis] = next
      next *= max(shape[axis], 1)
    }
    return strides
  }

  /// Whether elements lie row-major without gaps; strides of dimensions of size 1 don't matter.
  static func isContiguous(shape: [Int], strides: [Int]) -> Bool {
    if shape.contains(0) { return true }
    var expected = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      guard strides[axis] == expected else { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// Copies strided elements row-major into `target`. `shape` and `strides` were checked by `extent` against `source`.
  static func gather(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, shape: [Int], strides: [Int],
    elementByteCount: Int
  ) {
    guard let start = source.baseAddress, let destination = target.baseAddress else { return }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    for element in 0..<(target.count / elementByteCount) {
      let from = start + position * elementByteCount
      (destination + element * elementByteCount).copyMemory(from: from, byteCount: elementByteCount)
      for axis in shape.indices.reversed() {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }

  private static func outside(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ storageCount: Int
  ) -> CheckpointError {
    CheckpointError(
      .outOfBounds,
      "shape \(shape) with strides \(strides) from element \(offset) is not inside its storage of \(storageCount)")
  }
}
