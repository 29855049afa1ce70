import Checkpoint

/// Takes a vocabulary's parts out of its JSON, one after the other and each straight into the table that is kept.
struct VocabularyReader {
  private let json: UnsafeRawBufferPointer
  private let document: JSONMembers
  let model: JSONMembers

  /// Checks that the whole document is JSON, and that it asks for nothing this tokenizer does not have.
  init(_ json: UnsafeRawBufferPointer) throws(CheckpointError) {
    self.json = json
    var scanner = JSONScanner(json)
    document = try JSONMembers(
      ["model", "added_tokens", "normalizer", "pre_tokenizer", "post_processor"], of: &scanner)
    try scanner.finish()
    guard var scanner = document["model"] else { throw CheckpointError(.malformed, "model is missing") }
    model = try JSONMembers(["type", "vocab", "merges", "unk_token", "fuse_unk"] + Self.offFields, of: &scanner)
    try requireSupported()
  }

  private static let offFields = [
    "dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges",
  ]

  private func requireSupported() throws(CheckpointError) {
    func require(_ condition: Bool, _ field: String, _ allowed: String) throws(CheckpointError) {
      guard condition else { throw CheckpointError(.unsupported, "\(field) must be \(allowed)") }
    }
    try require(try model.text("type").map { $0 == "BPE" } ?? true, "model.type", "BPE")
    try require(try Self.isOff(document["normalizer"]), "normalizer", "null")
    var splitter: JSONMembers?
    if var scanner = document["pre_tokenizer"] { splitter = try JSONMembers(["type"], of: &scanner) }
    try require(try splitter?.text("type").map { $0 == "Whitespace" } ?? false, "pre_tokenizer.type", "Whitespace")
    try require(try Self.isOff(document["post_processor"]), "post_processor", "null")
    for field in Self.offFields { try require(try Self.isOff(model[field]), "model.\(field)", "off") }
  }

  private static func isOff(_ scanner: JSONScanner?) throws(CheckpointError) -> Bool {
    guard var scanner else { return true }
    switch try scanner.kind() {
    case .null: return true
    case .bool: return try !scanner.bool()
    case .string: return try scanner.string() == ""
    default: return false
    }
  }

  // MARK: - Tokens

  func tokens(
    _ allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> (index: TokenIndex, characters: [Unicode.Scalar: Int32]) {
    guard var counting = model["vocab"], try counting.kind() == .object else {
      throw CheckpointError(.malformed, "model.vocab is missing or empty")
    }
    var scanner = counting
    var (count, characterCount) = (0, 0)
    try counting.enterObject()
    while let name = try counting.nextMember() {
      count += 1
      characterCount += name.singleScalar == nil ? 0 : 1
      try counting.skip()
    }
    guard count > 0 else { throw CheckpointError(.malformed, "model.vocab is missing or empty") }
    try Self.check(count, "model.vocab")
    try allowance.take(
      TokenIndex.byteCount(count)
        + ReadingAllowance.byteCount(ofTable: (Unicode.Scalar, Int32).self, characterCount), for: "vocabulary")

    var index = TokenIndex(json, capacity: count)
    var characters: [Unicode.Scalar: Int32] = [:]
    characters.reserveCapacity(characterCount)
    var bytes: [UInt8] = []
    try scanner.enterObject()
    while let name = try scanner.nextMember() {
      guard try scanner.kind() == .number, let id = try scanner.wholeNumber(),
        (0..<Vocabulary.maximumTokens).contains(id)
      else { throw CheckpointError(.malformed, "model.vocab[\"\(name.excerpt)\"] is not a token id") }
      bytes.removeAll(keepingCapacity: true)
      name.append(to: &bytes)
      try index.insert(name, bytes: bytes)
      if let scalar = name.singleScalar { characters[scalar] = Int32(id) }
    }
    return (index, characters)
  }

  func addedTokens(_ allowance: inout ReadingAllowance) throws(CheckpointError) -> AddedTokens {
    guard var scanner = document["added_tokens"], try scanner.kind() == .array else { return AddedTokens([]) }
    var tokens: [AddedTokens.Token] = []
    try scanner.enterArray()
    while try scanner.nextElement() {
      let place = "added_tokens[\(tokens.count)]"
      guard tokens.count < AddedTokens.maximumCount else {
        throw CheckpointError(.malformed, "added_tokens has more than \(AddedTokens.maximumCount) entries")
      }
      let flags = ["single_word", "lstrip", "rstrip"]
      let entry = try JSONMembers(["content", "id"] + flags, of: &scanner)
      guard let content = try entry.text("content"), content.byteCount > 0, let id = try entry.index("id"),
        let id = Int32(exactly: id)
      else { throw CheckpointError(.malformed, "\(place) needs content and id") }
      for flag in flags where try entry.isTrue(flag) {
        throw CheckpointError(.unsupported, "\(place).\(flag) must be false")
      }
      try allowance.take(AddedTokens.byteCount(content.byteCount), for: "vocabulary")
      tokens.append(AddedTokens.Token(content: Scalars(content.string), id: id))
    }
    return AddedTokens(tokens)
  }

  // MARK: - Merges

  func merges(_ tokens: TokenIndex, _ allowance: inout ReadingAllowance) throws(CheckpointError) -> MergeTable {
    guard var counting = model["merges"], try counting.kind() == .array else {
      throw CheckpointError(.malformed, "model.merges is missing")
    }
    var scanner = counting
    var count = 0
    try counting.enterArray()
    while try counting.nextElement() {
      count += 1
      try counting.skip()
    }
    try Self.check(count, "model.merges")
    try allowance.take(MergeTable.byteCount(count), for: "vocabulary")
    var table = MergeTable(capacity: count)
    var pair = MergedPair()
    try scanner.enterArray()
    for rank in 0..<count {
      _ = try scanner.nextElement()
      guard try pair.read(&scanner) else {
        throw CheckpointError(.malformed, "model.merges[\(rank)] is not a pair")
      }
      guard let left = try tokens.id(of: pair.left), let right = try tokens.id(of: pair.right),
        let merged = try tokens.id(of: pair.left + pair.right)
      else { throw CheckpointError(.malformed, "model.merges[\(rank)] names a token that is not in model.vocab") }
      table.append(left: left, right: right, token: merged)
    }
    return table
  }

  private static func check(_ count: Int, _ field: String) throws(CheckpointError) {
    guard count <= Vocabulary.maximumTokens else {
      throw CheckpointError(.malformed, "\(field) has more than \(Vocabulary.maximumTokens) entries")
    }
  }
}

/// Two tokens that merge: `"a b"` in older files, `["a", "b"]` in newer ones. Split as bytes: a mark after the space
/// belongs to the right token, while `Character`s would make it one with the space.
private struct MergedPair {
  private(set) var left: [UInt8] = []
  private(set) var right: [UInt8] = []

  /// - Returns: false when the next value is no pair.
  mutating func read(_ scanner: inout JSONScanner) throws(CheckpointError) -> Bool {
    left.removeAll(keepingCapacity: true)
    right.removeAll(keepingCapacity: true)
    switch try scanner.kind() {
    case .string:
      try scanner.string().append(to: &left)
      let parts = left.split(separator: UInt8(ascii: " "))
      guard parts.count == 2 else { return false }
      (left, right) = (Array(parts[0]), Array(parts[1]))
      return true
    case .array:
      var count = 0
      try scanner.enterArray()
      while try scanner.nextElement() {
        guard try scanner.kind() == .string else {
          try scanner.skip()
          continue
        }
        let text = try scanner.string()
        if count == 0 { text.append(to: &left) } else if count == 1 { text.append(to: &right) }
        count += 1
      }
      return count == 2
    default:
      return false
    }
  }
}
