import Foundation
import SpeechCore

/// Writes safetensors files: dumps for comparison with the reference, and caches.
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

  /// The JSON header, padded with spaces so that the data starts at a multiple of 64.
  private static func header(
    _ tensors: [(name: String, source: TensorSource)], metadata: [String: String]
  ) throws(CheckpointError) -> [UInt8] {
    var entries: [String: HeaderValue] = [:]
    var offset = 0
    for (name, source) in tensors {
      let (end, overflow) = offset.addingReportingOverflow(try source.checkedByteCount(name: name))
      guard !overflow else { throw CheckpointError(.limitExceeded, "is too large", tensor: name) }
      let entry = HeaderTensor(
        dtype: source.scalarType.safetensorsName, shape: source.shape, data_offsets: [offset, end])
      guard name != "__metadata__", entries.updateValue(.tensor(entry), forKey: name) == nil else {
        throw CheckpointError(.malformed, "is given twice, or has a reserved name", tensor: name)
      }
      offset = end
    }
    if !metadata.isEmpty { entries["__metadata__"] = .metadata(metadata) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(entries), data.count <= Safetensors.maximumHeaderByteCount else {
      throw CheckpointError(.limitExceeded, "would have a header over \(Safetensors.maximumHeaderByteCount) bytes")
    }
    let padding = (64 - (8 + data.count) % 64) % 64
    return Array(data) + [UInt8](repeating: UInt8(ascii: " "), count: padding)
  }
}

private struct HeaderTensor: Encodable {
  let dtype: String
  let shape: [Int]
  let data_offsets: [Int]
}

private enum HeaderValue: Encodable {
  case tensor(HeaderTensor)
  case metadata([String: String])

  func encode(to encoder: Encoder) throws {
    switch self {
    case .tensor(let tensor): try tensor.encode(to: encoder)
    case .metadata(let metadata): try metadata.encode(to: encoder)
    }
  }
}
