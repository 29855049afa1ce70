import Foundation

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
    let header: [String: HeaderEntry]
    do {
      header = try JSONDecoder().decode([String: HeaderEntry].self, from: Data(bytes))
    } catch {
      throw CheckpointError(.malformed, "has a safetensors header that is not as the format says")
    }
    guard header.count <= maximumTensorCount else {
      throw CheckpointError(.limitExceeded, "announces \(header.count) tensors, the limit is \(maximumTensorCount)")
    }
    let root = PickleValue.dictionary(try tensors(header, dataStart: 8 + headerByteCount, file: file))
    return (root, header["__metadata__"]?.metadata ?? [:])
  }

  private static func tensors(
    _ header: [String: HeaderEntry], dataStart: Int, file: MappedFile
  ) throws(CheckpointError) -> PickleDictionary {
    var dictionary = PickleDictionary()
    let dataByteCount = file.byteCount - dataStart
    var end = 0
    let ordered = header.compactMap { name, entry in entry.tensor.map { (name, $0) } }
      .sorted { ($0.1.offsets.lowerBound, $0.0) < ($1.1.offsets.lowerBound, $1.0) }
    for (name, entry) in ordered {
      guard let scalarType = ScalarType(safetensorsName: entry.scalarTypeName) else {
        throw CheckpointError(.unsupported, "has elements of type \(entry.scalarTypeName)", tensor: name)
      }
      guard entry.shape.count <= TensorLayout.maximumRank, entry.shape.allSatisfy({ $0 >= 0 }),
        TensorLayout.product(entry.shape + [scalarType.byteCount]) == entry.offsets.count
      else {
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
      dictionary.set(
        name,
        .tensor(
          StoredTensor(
            name: name, scalarType: scalarType, shape: entry.shape,
            strides: TensorLayout.rowMajorStrides(entry.shape), file: file, byteRange: range)))
    }
    guard end == dataByteCount else {
      throw CheckpointError(.malformed, "has \(dataByteCount - end) bytes that belong to no tensor")
    }
    return dictionary
  }
}

/// One value of the header: a tensor, or the free-form `__metadata__`.
private struct HeaderEntry: Decodable {
  struct Tensor {
    let scalarTypeName: String
    let shape: [Int]
    let offsets: Range<Int>
  }

  enum CodingKeys: String, CodingKey {
    case scalarType = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  let tensor: Tensor?
  let metadata: [String: String]

  init(from decoder: Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if decoder.codingPath.last?.stringValue == "__metadata__" {
      tensor = nil
      metadata = (try? [String: String](from: decoder)) ?? [:]
      return
    }
    metadata = [:]
    let offsets = try container.decode([Int].self, forKey: .offsets)
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw DecodingError.dataCorruptedError(forKey: .offsets, in: container, debugDescription: "not a range")
    }
    tensor = Tensor(
      scalarTypeName: try container.decode(String.self, forKey: .scalarType),
      shape: try container.decode([Int].self, forKey: .shape),
      offsets: offsets[0]..<offsets[1])
  }
}
