/// A tensor of a weights file: position and layout of its elements. Reading it copies nothing where the
/// layout is contiguous; the file stays mapped while any of its tensors lives.
public struct StoredTensor: Sendable {
  /// The key under which the file holds it, verbatim.
  public let name: String
  /// The type of the elements.
  public let scalarType: ScalarType
  /// Sizes, outermost first; empty for a scalar.
  public let shape: [Int]
  /// Elements between neighbours along each dimension; empty where they are row-major without gaps.
  let strides: [Int]
  let file: MappedFile
  /// File bytes from the first element to the end of the last; checked to be inside both storage and file.
  let byteRange: Range<Int>

  init(
    name: String, scalarType: ScalarType, shape: [Int], strides: [Int], file: MappedFile, byteRange: Range<Int>
  ) {
    self.name = name
    self.scalarType = scalarType
    self.shape = shape
    self.strides = TensorLayout.isContiguous(shape: shape, strides: strides) ? [] : strides
    self.file = file
    self.byteRange = byteRange
  }

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// Bytes of the elements, row-major and without gaps.
  public var byteCount: Int { count * scalarType.byteCount }
  /// Whether `withUnsafeBytes` hands out the mapped file itself.
  public var isContiguous: Bool { strides.isEmpty }

  /// Calls `body` with the elements, row-major and without gaps: the mapped file's own bytes where the layout allows,
  /// else a temporary copy. The pointer is valid only during the call and may be unaligned.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let stored = file.bytes(byteRange)
    if isContiguous { return try body(stored) }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { copy.deallocate() }
    TensorLayout.gather(stored, into: copy, shape: shape, strides: strides, elementByteCount: scalarType.byteCount)
    return try body(UnsafeRawBufferPointer(copy))
  }

  /// Copies the bytes of a contiguous tensor to `target`, which has exactly ``byteCount``, past the mapping, so that
  /// memory that is copied once does not count twice for the process.
  public func read(into target: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
    guard isContiguous, target.count == byteRange.count else {
      throw CheckpointError(
        .malformed, "has \(byteRange.count) bytes where \(target.count) are expected", file: file.path, tensor: name)
    }
    try file.read(at: byteRange.lowerBound, into: target)
  }

  /// Releases the tensor's pages, after its values were copied.
  public func discardPages() { file.discard(byteRange) }
}
