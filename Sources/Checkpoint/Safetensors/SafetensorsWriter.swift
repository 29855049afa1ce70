import SpeechCore

/// Writes safetensors files: dumps for comparison with the reference, caches, and voices.
public enum SafetensorsWriter {
  /// Writes `tensors` in the order given to `path`, which appears only when complete. Names must differ.
  /// `metadata` becomes the header's `__metadata__`.
  public static func write(
    _ tensors: [(name: String, source: TensorSource)], metadata: [String: String] = [:], to path: String
  ) throws(CheckpointError) {
    do throws(CheckpointError) {
      let header = try Self.header(tensors, metadata: metadata)
      var file = try AtomicFile(checkpoint: path)
      try file.add(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
      try file.add(header)
      for (name, source) in tensors {
        try file.add(source.bytes(byteCount: try source.checkedByteCount(name: name)))
      }
      try file.finish()
    } catch {
      throw error.inFile(path)
    }
  }

  /// The file's bytes, for small files.
  public static func bytes(
    _ tensors: [(name: String, source: TensorSource)], metadata: [String: String] = [:]
  ) throws(CheckpointError) -> [UInt8] {
    let header = try Self.header(tensors, metadata: metadata)
    var bytes = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    for (name, source) in tensors { bytes += source.bytes(byteCount: try source.checkedByteCount(name: name)) }
    return bytes
  }

  /// The JSON header, padded with spaces so that the data starts at a multiple of 64.
  private static func header(
    _ tensors: [(name: String, source: TensorSource)], metadata: [String: String]
  ) throws(CheckpointError) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      members.append(.init("__metadata__", JSONValue(metadata.mapValues { .string($0) })))
    }
    var names: Set = ["__metadata__"]
    var offset = 0
    for (name, source) in tensors {
      let (end, overflow) = offset.addingReportingOverflow(try source.checkedByteCount(name: name))
      guard !overflow else { throw CheckpointError(.limitExceeded, "is too large", tensor: name) }
      guard names.insert(name).inserted else {
        throw CheckpointError(.malformed, "is given twice, or has a reserved name", tensor: name)
      }
      let numbers = { (values: [Int]) in JSONValue.array(values.map { .number(String($0)) }) }
      let entry: JSONValue = [
        "dtype": .string(source.scalarType.safetensorsName), "shape": numbers(source.shape),
        "data_offsets": numbers([offset, end]),
      ]
      members.append(.init(name, entry))
      offset = end
    }
    let header = Array(JSONValue.object(members).json().utf8)
    guard header.count <= Safetensors.maximumHeaderByteCount else {
      throw CheckpointError(.limitExceeded, "would have a header over \(Safetensors.maximumHeaderByteCount) bytes")
    }
    return header + [UInt8](repeating: UInt8(ascii: " "), count: (64 - (8 + header.count) % 64) % 64)
  }
}
