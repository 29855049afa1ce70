/// Where the entries of a safetensors header stand, in the order of their data, and its free-form metadata.
struct SafetensorsHeader {
  struct Place {
    /// Of the tensor's name in the header.
    let position: Int
    let offsets: Range<Int>
  }

  private(set) var places: [Place] = []
  private(set) var metadata: [String: String] = [:]

  /// - Throws: `malformed` when the bytes are not such a header, `limitExceeded` beyond the allowance.
  init(_ bytes: UnsafeRawBufferPointer, allowance: inout ReadingAllowance) throws(CheckpointError) {
    let count = try Self.count(bytes)
    guard count <= Safetensors.maximumTensorCount else {
      throw CheckpointError(
        .limitExceeded, "announces \(count) tensors, the limit is \(Safetensors.maximumTensorCount)")
    }
    // Sorting takes half as much again.
    try allowance.take(PickleValue.byteCount(ofArray: Place.self, count + count / 2), for: "header")
    places.reserveCapacity(count)
    var scanner = JSONScanner(bytes)
    try scanner.enterObject()
    while let name = try scanner.nextMember() {
      if name == "__metadata__" {
        metadata = try Self.metadata(&scanner, allowance: &allowance)
      } else {
        places.append(Place(position: name.position, offsets: try Self.entry(&scanner, of: name).offsets))
      }
    }
    // Empty tensors come before the one that begins where they lie.
    places.sort {
      ($0.offsets.lowerBound, $0.offsets.upperBound, $0.position)
        < ($1.offsets.lowerBound, $1.offsets.upperBound, $1.position)
    }
  }

  private static func count(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Int {
    var count = 0
    do throws(CheckpointError) {
      var scanner = JSONScanner(bytes)
      try scanner.enterObject()
      while let name = try scanner.nextMember() {
        count += name == "__metadata__" ? 0 : 1
        try scanner.skip()
      }
      try scanner.finish()
    } catch {
      throw CheckpointError(.malformed, "has a safetensors header that is \(error.reason)")
    }
    return count
  }

  private static func entry(_ scanner: inout JSONScanner, of name: JSONText) throws(CheckpointError) -> Entry {
    do throws(CheckpointError) {
      return try Entry(&scanner)
    } catch {
      throw CheckpointError(error.code, error.reason, tensor: name.excerpt)
    }
  }

  /// The members whose values are text.
  private static func metadata(
    _ scanner: inout JSONScanner, allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> [String: String] {
    var metadata: [String: String] = [:]
    guard try scanner.kind() == .object else {
      try scanner.skip()
      return metadata
    }
    try scanner.enterObject()
    while let key = try scanner.nextMember() {
      guard try scanner.kind() == .string else {
        try scanner.skip()
        continue
      }
      let value = try scanner.string()
      // A growing table is there twice while it is copied.
      try allowance.take(
        PickleValue.byteCount(ofText: key.byteCount) + PickleValue.byteCount(ofText: value.byteCount)
          + 4 * MemoryLayout<(String, String)>.stride, for: "header")
      metadata[key.string] = value.string
    }
    return metadata
  }
}

extension SafetensorsHeader {
  /// A tensor's type, shape and place: the value of a member of the header.
  struct Entry {
    let scalarTypeName: JSONText
    let shape: [Int]
    let offsets: Range<Int>

    init(_ scanner: inout JSONScanner) throws(CheckpointError) {
      var (scalarTypeName, shape, offsets): (JSONText?, [Int]?, [Int]?)
      guard try scanner.kind() == .object else { throw Self.malformed("that is no object") }
      try scanner.enterObject()
      while let name = try scanner.nextMember() {
        if name == "dtype" {
          guard try scanner.kind() == .string else { throw Self.malformed("whose dtype is no text") }
          scalarTypeName = try scanner.string()
        } else if name == "shape" {
          shape = try Self.sizes(&scanner, "shape", atMost: TensorLayout.maximumRank)
        } else if name == "data_offsets" {
          offsets = try Self.sizes(&scanner, "data_offsets", atMost: 2)
        } else {
          try scanner.skip()
        }
      }
      guard let scalarTypeName, let shape, let offsets else {
        throw Self.malformed("without dtype, shape or data_offsets")
      }
      guard offsets.count == 2, offsets[0] <= offsets[1] else {
        throw Self.malformed("whose data_offsets are no range")
      }
      self.scalarTypeName = scalarTypeName
      self.shape = shape
      self.offsets = offsets[0]..<offsets[1]
    }

    private static func sizes(
      _ scanner: inout JSONScanner, _ what: String, atMost maximumCount: Int
    ) throws(CheckpointError) -> [Int] {
      var sizes: [Int] = []
      guard try scanner.kind() == .array else { throw malformed("whose \(what) is no list") }
      try scanner.enterArray()
      while try scanner.nextElement() {
        guard sizes.count < maximumCount else { throw malformed("whose \(what) has over \(maximumCount) numbers") }
        guard try scanner.kind() == .number, let size = try scanner.wholeNumber(), size >= 0 else {
          throw malformed("whose \(what) is no list of sizes")
        }
        sizes.append(size)
      }
      return sizes
    }

    private static func malformed(_ reason: String) -> CheckpointError {
      CheckpointError(.malformed, "has an entry in its header \(reason)")
    }
  }
}
