import SpeechCore

/// The entries of a safetensors header, in the order of their data, and its free-form metadata.
struct SafetensorsHeader {
  /// A tensor's name, type, shape and place in the data.
  struct Entry {
    let name: String
    let scalarTypeName: String
    let shape: [Int]
    let offsets: Range<Int>
  }

  private(set) var entries: [Entry] = []
  /// The members of the metadata whose values are text.
  private(set) var metadata: [String: String] = [:]

  /// - Throws: `malformed` when the bytes are not such a header, `limitExceeded` for too many tensors.
  init(_ bytes: [UInt8]) throws(CheckpointError) {
    let members = try Self.members(bytes)
    guard members.count <= Safetensors.maximumTensorCount else {
      throw CheckpointError(
        .limitExceeded, "announces \(members.count) tensors, the limit is \(Safetensors.maximumTensorCount)")
    }
    for member in members {
      if member.name == "__metadata__" {
        for pair in member.value.members ?? [] { metadata[pair.name] = pair.value.text ?? metadata[pair.name] }
      } else {
        entries.append(try Entry(member))
      }
    }
    // Empty tensors come before the one that begins where they lie. The sort is stable.
    entries.sort { ($0.offsets.lowerBound, $0.offsets.upperBound) < ($1.offsets.lowerBound, $1.offsets.upperBound) }
  }

  private static func members(_ bytes: [UInt8]) throws(CheckpointError) -> [JSONValue.Member] {
    do throws(CheckpointError) {
      let document = try bytes.withUnsafeBufferPointer { bytes throws(CheckpointError) in
        try JSONValue(modelFile: UnsafeRawBufferPointer(bytes))
      }
      return document.members ?? []
    } catch {
      throw CheckpointError(.malformed, "has a safetensors header that is \(error.reason)")
    }
  }
}

extension SafetensorsHeader.Entry {
  fileprivate init(_ member: JSONValue.Member) throws(CheckpointError) {
    func malformed(_ reason: String) -> CheckpointError {
      CheckpointError(.malformed, "has a bad entry in its header: \(reason)", tensor: String(member.name.prefix(64)))
    }
    func sizes(_ name: String, atMost maximumCount: Int) throws(CheckpointError) -> [Int] {
      guard let elements = member.value[name]?.elements else { throw malformed("no list \(name)") }
      let sizes = elements.compactMap(\.index)
      guard sizes.count == elements.count, sizes.count <= maximumCount else {
        throw malformed("\(name) is no list of at most \(maximumCount) sizes")
      }
      return sizes
    }
    guard let scalarTypeName = member.value["dtype"]?.text else { throw malformed("no text dtype") }
    let offsets = try sizes("data_offsets", atMost: 2)
    guard offsets.count == 2, offsets[0] <= offsets[1] else { throw malformed("data_offsets are no range") }
    self.init(
      name: member.name, scalarTypeName: String(scalarTypeName.prefix(64)),
      shape: try sizes("shape", atMost: TensorLayout.maximumRank), offsets: offsets[0]..<offsets[1])
  }
}
