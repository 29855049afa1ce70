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
    let bytes = try file.read(at: 8, count: headerByteCount, what: "header")
    guard bytes.first == UInt8(ascii: "{") else {
      throw CheckpointError(.malformed, "is neither a torch zip nor a safetensors file")
    }
    let header = try SafetensorsHeader(bytes)
    return (.dictionary(try tensors(header, dataStart: 8 + headerByteCount, file: file)), header.metadata)
  }

  private static func tensors(
    _ header: SafetensorsHeader, dataStart: Int, file: MappedFile
  ) throws(CheckpointError) -> PickleDictionary {
    var dictionary = PickleDictionary()
    let dataByteCount = file.byteCount - dataStart
    var end = 0
    for entry in header.entries {
      let name = entry.name
      guard let scalarType = ScalarType(safetensorsName: entry.scalarTypeName) else {
        throw CheckpointError(.unsupported, "has elements of type \(entry.scalarTypeName)", tensor: name)
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
