/// The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes without gaps.
/// Source: https://github.com/huggingface/safetensors, "Format".
enum Safetensors {
  /// The 963 tensors of XTTS need 0.15 MB.
  static let maximumHeaderByteCount = 16 << 20
  static let maximumTensorCount = 65_536

  static func read(_ file: MappedFile) throws(CheckpointError) -> (root: PickleValue, metadata: [String: String]) {
    var length = ByteReader(try file.read(at: 0, count: 8, what: "first 8 bytes"), what: "header length")
    let headerByteCount = Int(clamping: try length.uint64())
    guard headerByteCount <= min(maximumHeaderByteCount, file.byteCount - 8) else {
      throw CheckpointError(
        .malformed,
        "is neither a torch zip nor a safetensors file (files of torch before 1.6 must be saved again by a later one)")
    }
    var allowance = ReadingAllowance(fileByteCount: file.byteCount)
    try allowance.take(headerByteCount, for: "header")
    let bytes = try file.read(at: 8, count: headerByteCount, what: "header")
    guard bytes.first == UInt8(ascii: "{") else {
      throw CheckpointError(.malformed, "is neither a torch zip nor a safetensors file")
    }
    return try bytes.withUnsafeBufferPointer { bytes throws(CheckpointError) in
      let bytes = UnsafeRawBufferPointer(bytes)
      let header = try SafetensorsHeader(bytes, allowance: &allowance)
      let root = try tensors(header, of: bytes, dataStart: 8 + headerByteCount, file: file, allowance: &allowance)
      return (.dictionary(root), header.metadata)
    }
  }

  private static func tensors(
    _ header: SafetensorsHeader, of bytes: UnsafeRawBufferPointer, dataStart: Int, file: MappedFile,
    allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> PickleDictionary {
    try allowance.take(PickleDictionary.byteCount(header.places.count), for: "header")
    var dictionary = PickleDictionary(capacity: header.places.count)
    let dataByteCount = file.byteCount - dataStart
    var end = 0
    for place in header.places {
      var scanner = JSONScanner(bytes, at: place.position)
      let text = try scanner.memberName()
      let entry = try SafetensorsHeader.Entry(&scanner)
      try allowance.take(
        PickleValue.byteCount(ofText: text.byteCount) + PickleValue.byteCount(ofTensorOfRank: entry.shape.count),
        for: "header")
      let name = text.string
      guard let scalarType = ScalarType(safetensorsName: entry.scalarTypeName.excerpt) else {
        throw CheckpointError(.unsupported, "has elements of type \(entry.scalarTypeName.excerpt)", tensor: name)
      }
      guard TensorLayout.product(entry.shape + [scalarType.byteCount]) == entry.offsets.count else {
        throw CheckpointError(
          .malformed, "has \(entry.offsets.count) bytes for shape \(entry.shape) of \(scalarType.rawValue)",
          tensor: name)
      }
      guard entry.offsets.upperBound <= dataByteCount else {
        throw CheckpointError(
          .outOfBounds, "ends at byte \(entry.offsets.upperBound) of \(dataByteCount)", tensor: name)
      }
      guard entry.offsets.lowerBound == end else {
        throw CheckpointError(.malformed, "overlaps the tensor before it, or leaves a gap", tensor: name)
      }
      end = entry.offsets.upperBound
      let range = (dataStart + entry.offsets.lowerBound)..<(dataStart + entry.offsets.upperBound)
      let isNew = dictionary.set(
        name,
        .tensor(
          StoredTensor(
            name: name, scalarType: scalarType, shape: entry.shape,
            strides: TensorLayout.rowMajorStrides(entry.shape), file: file, byteRange: range)))
      guard isNew else { throw CheckpointError(.malformed, "is there twice", tensor: name) }
    }
    guard end == dataByteCount else {
      throw CheckpointError(.malformed, "has \(dataByteCount - end) bytes that belong to no tensor")
    }
    return dictionary
  }
}
