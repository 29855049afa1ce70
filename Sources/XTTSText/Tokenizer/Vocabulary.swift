import Foundation

/// A `vocab.json` in the Hugging Face `tokenizers` format, reduced to what XTTS uses: BPE over the characters of
/// white-space-separated words, with special tokens cut out first.
struct Vocabulary: Sendable {
  private static let maximumFileBytes = 64 << 20
  private static let maximumTokens = 1 << 20

  /// Token of each single character.
  var characters: [Unicode.Scalar: Int32] = [:]
  var merges: MergeTable
  var addedTokens: AddedTokens
  var unknownToken: Int32?
  /// One token for a run of unknown characters instead of one each.
  var fusesUnknown: Bool
  /// Entries of the vocabulary, added tokens not counted twice.
  var tokenCount: Int

  /// Reads a file of at most 64 MiB.
  /// - Throws: ``TextError`` `unreadable`, `malformed`, or `unsupported` for a feature this tokenizer does not have.
  static func load(path: String) throws(TextError) -> Vocabulary {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = attributes?[.size] as? NSNumber else { throw TextError(.unreadable, "\(path): no such file") }
    guard size.intValue <= maximumFileBytes else {
      throw TextError(.unreadable, "\(path): over the limit of \(maximumFileBytes >> 20) MiB")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TextError(.unreadable, "\(path): can't be read")
    }
    do {
      return try Vocabulary(json: try JSONParser.parse([UInt8](data)))
    } catch {
      throw TextError(error.code, "\(path): \(error.message)")
    }
  }

  init(json: JSONValue) throws(TextError) {
    guard let model = json["model"] else { throw TextError(.malformed, "model is missing") }
    try Self.requireSupported(json, model)
    let ids = try Self.tokenIDs(model)
    tokenCount = ids.count
    fusesUnknown = model["fuse_unk"]?.bool ?? false
    if let unknown = model["unk_token"]?.string {
      guard let id = ids[Array(unknown.utf8)] else {
        throw TextError(.malformed, "model.unk_token \(unknown) is not in model.vocab")
      }
      unknownToken = id
    }
    addedTokens = try AddedTokens(json: json["added_tokens"])
    merges = try Self.merges(model, ids)
    for (bytes, id) in ids {
      let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
      if let first = scalars.first, scalars.dropFirst().isEmpty { characters[first] = id }
    }
  }

  private static func requireSupported(_ json: JSONValue, _ model: JSONValue) throws(TextError) {
    func require(_ condition: Bool, _ field: String, _ allowed: String) throws(TextError) {
      guard condition else { throw TextError(.unsupported, "\(field) must be \(allowed)") }
    }
    func isOff(_ value: JSONValue?) -> Bool {
      guard let value else { return true }
      return value.isNull || value.bool == false || value.string == ""
    }
    try require((model["type"]?.string ?? "BPE") == "BPE", "model.type", "BPE")
    try require(isOff(json["normalizer"]), "normalizer", "null")
    try require(json["pre_tokenizer"]?["type"]?.string == "Whitespace", "pre_tokenizer.type", "Whitespace")
    try require(isOff(json["post_processor"]), "post_processor", "null")
    for field in ["dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"] {
      try require(isOff(model[field]), "model.\(field)", "off")
    }
  }

  private static func tokenIDs(_ model: JSONValue) throws(TextError) -> [[UInt8]: Int32] {
    guard let members = model["vocab"]?.members, !members.isEmpty else {
      throw TextError(.malformed, "model.vocab is missing or empty")
    }
    guard members.count <= maximumTokens else {
      throw TextError(.malformed, "model.vocab has more than \(maximumTokens) entries")
    }
    var ids: [[UInt8]: Int32] = [:]
    ids.reserveCapacity(members.count)
    for member in members {
      guard let id = member.value.index, id < maximumTokens else {
        throw TextError(.malformed, "model.vocab[\"\(member.key.prefix(40))\"] is not a token id")
      }
      ids[Array(member.key.utf8)] = Int32(id)
    }
    return ids
  }

  private static func merges(_ model: JSONValue, _ ids: [[UInt8]: Int32]) throws(TextError) -> MergeTable {
    guard let list = model["merges"]?.array else { throw TextError(.malformed, "model.merges is missing") }
    guard list.count <= maximumTokens else {
      throw TextError(.malformed, "model.merges has more than \(maximumTokens) entries")
    }
    var pairs: [(left: Int32, right: Int32, merge: MergeTable.Merge)] = []
    for (rank, entry) in list.enumerated() {
      guard let (left, right) = pair(entry) else {
        throw TextError(.malformed, "model.merges[\(rank)] is not a pair")
      }
      guard let leftID = ids[left], let rightID = ids[right], let merged = ids[left + right] else {
        throw TextError(.malformed, "model.merges[\(rank)] names a token that is not in model.vocab")
      }
      pairs.append((leftID, rightID, MergeTable.Merge(rank: UInt32(rank), token: merged)))
    }
    return MergeTable(pairs)
  }

  /// `"a b"` in older files, `["a", "b"]` in newer ones. Split as bytes: a mark after the space belongs to the right
  /// token, while `Character`s would make it one with the space.
  private static func pair(_ entry: JSONValue) -> ([UInt8], [UInt8])? {
    let parts: [[UInt8]]
    if let elements = entry.array {
      parts = elements.compactMap(\.string).map { Array($0.utf8) }
    } else {
      parts = entry.string.map { Array($0.utf8).split(separator: UInt8(ascii: " ")).map(Array.init) } ?? []
    }
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }
}
