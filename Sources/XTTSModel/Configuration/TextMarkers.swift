import Checkpoint

/// The two tokens that frame every text, as `vocab.json` numbers them.
struct TextMarkers: Equatable {
  var start: Int
  var stop: Int

  /// Largest `vocab.json` that is read.
  static let maximumByteCount = 64 << 20

  private static let names = ["[START]", "[STOP]"]

  /// - Throws: ``ModelError`` `unreadable` when the file is not a vocabulary or lacks a marker.
  init(path: String) throws(ModelError) {
    do throws(CheckpointError) {
      self = try JSONFile.read(path, maximumByteCount: Self.maximumByteCount) { json throws(CheckpointError) in
        try TextMarkers(json: json)
      }
    } catch {
      throw ModelError(.unreadable, error.description)
    }
  }

  init(json: UnsafeRawBufferPointer) throws(CheckpointError) {
    var scanner = JSONScanner(json)
    let document = try JSONMembers(["added_tokens", "model"], of: &scanner)
    try scanner.finish()
    var markers: [Int?] = [nil, nil]
    if var model = document["model"], var tokens = try JSONMembers(["vocab"], of: &model)["vocab"] {
      let members = try JSONMembers(Self.names, of: &tokens)
      for (index, name) in Self.names.enumerated() { markers[index] = try members.index(name) }
    }
    // An added token goes before one of the vocabulary, and the first before the others.
    var added: [Int?] = [nil, nil]
    if var tokens = document["added_tokens"], try tokens.kind() == .array {
      try tokens.enterArray()
      while try tokens.nextElement() {
        let token = try JSONMembers(["id", "content"], of: &tokens)
        guard let content = try token.text("content"), let index = Self.names.firstIndex(where: { content == $0 })
        else { continue }
        if added[index] == nil { added[index] = try token.index("id") }
      }
    }
    guard let start = added[0] ?? markers[0], let stop = added[1] ?? markers[1] else {
      throw CheckpointError(.malformed, "has no token \(Self.names.joined(separator: " or "))")
    }
    (self.start, self.stop) = (start, stop)
  }
}
