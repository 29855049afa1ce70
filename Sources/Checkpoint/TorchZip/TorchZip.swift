/// Reads what `torch.save` (1.6 and later) writes: a zip of `NAME/data.pkl` and one `NAME/data/KEY` per storage.
enum TorchZip {
  /// The published pickle has 0.3 MB; a fine-tune with its optimizer a few.
  static let maximumPickleByteCount = 16 << 20

  static func read(_ file: MappedFile) throws(CheckpointError) -> PickleValue {
    let archive = try ZipArchive(file)
    let pickles = archive.entries.filter { entry in
      let name = entry.name
      return name.hasSuffix("/data.pkl") && name.split(separator: "/").count == 2
    }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw CheckpointError(
        .malformed, "is a zip file with \(pickles.count) NAME/data.pkl entries; a torch checkpoint has one")
    }
    let prefix = String(pickle.name.dropLast("data.pkl".count))
    if let order = archive[prefix + "byteorder"] {
      let text = try file.read(at: order.data.lowerBound, count: min(order.data.count, 16), what: "byte order")
      guard String(decoding: text, as: UTF8.self).hasPrefix("little") else {
        throw CheckpointError(.unsupported, "holds big-endian tensors")
      }
    }
    guard pickle.data.count <= maximumPickleByteCount else {
      throw CheckpointError(
        .limitExceeded, "has a pickle of \(pickle.data.count) bytes, the limit is \(maximumPickleByteCount)")
    }
    let bytes = try file.read(at: pickle.data.lowerBound, count: pickle.data.count, what: "pickle")
    guard bytes.withUnsafeBytes({ CRC32.of($0) }) == pickle.crc32 else {
      throw CheckpointError(.malformed, "has a damaged pickle: its CRC-32 doesn't match")
    }
    let (graph, root) = try Unpickler.run(bytes)
    var resolver = PickleResolver(graph: graph, file: file) { (storage, name) throws(CheckpointError) in
      try locate(storage, tensor: name, prefix: prefix, archive: archive)
    }
    return try resolver.resolve(root)
  }

  private static func locate(
    _ storage: PickledStorage, tensor: String, prefix: String, archive: ZipArchive
  ) throws(CheckpointError) -> Range<Int> {
    guard let entry = archive["\(prefix)data/\(storage.key)"] else {
      throw CheckpointError(.missing, "its storage '\(storage.key)' is not in the file", tensor: tensor)
    }
    let (byteCount, overflow) = storage.elementCount.multipliedReportingOverflow(by: storage.scalarType.byteCount)
    guard !overflow, byteCount <= entry.data.count else {
      throw CheckpointError(
        .outOfBounds,
        "its storage announces \(storage.elementCount) \(storage.scalarType.rawValue) elements but has "
          + "\(entry.data.count) bytes", tensor: tensor)
    }
    return entry.data.lowerBound..<(entry.data.lowerBound + byteCount)
  }
}
