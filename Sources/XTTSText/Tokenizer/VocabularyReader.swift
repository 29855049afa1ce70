import Checkpoint
import SpeechCore

/// Reads the parts of a vocabulary from its JSON, and refuses features that this tokenizer does not have.
struct VocabularyReader {
  private let document: JSONValue
  let model: JSONValue
  /// By their exact scalars; of tokens with the same name the last counts.
  private(set) var tokens: [Scalars: Int32] = [:]
  /// The tokens that are one scalar.
  private(set) var characters: [Unicode.Scalar: Int32] = [:]

  private static let offFields = [
    "dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges",
  ]

  init(_ document: JSONValue) throws(CheckpointError) {
    guard let model = document["model"] else { throw CheckpointError(.malformed, "model is missing") }
    self.document = document
    self.model = model
    try requireSupported()
    try readTokens()
  }

  private func requireSupported() throws(CheckpointError) {
    func require(_ condition: Bool, _ field: String, _ allowed: String) throws(CheckpointError) {
      guard condition else { throw CheckpointError(.unsupported, "\(field) must be \(allowed)") }
    }
    try require(model["type"]?.text.map { $0 == "BPE" } ?? true, "model.type", "BPE")
    try require(Self.isOff(document["normalizer"]), "normalizer", "null")
    try require(document["pre_tokenizer"]?["type"]?.text == "Whitespace", "pre_tokenizer.type", "Whitespace")
    try require(Self.isOff(document["post_processor"]), "post_processor", "null")
    for field in Self.offFields { try require(Self.isOff(model[field]), "model.\(field)", "off") }
  }

  private static func isOff(_ value: JSONValue?) -> Bool {
    switch value {
    case nil, .null, .bool(false), .string(""): true
    default: false
    }
  }

  private mutating func readTokens() throws(CheckpointError) {
    guard let members = model["vocab"]?.members, !members.isEmpty else {
      throw CheckpointError(.malformed, "model.vocab is missing or empty")
    }
    try Self.check(members.count, "model.vocab")
    tokens.reserveCapacity(members.count)
    for member in members {
      guard let id = member.value.index, id < Vocabulary.maximumTokens else {
        throw CheckpointError(.malformed, "model.vocab[\"\(member.name.prefix(64))\"] is not a token id")
      }
      let name = Scalars(member.name)
      tokens[name] = Int32(id)
      if name.count == 1 { characters[name[0]] = Int32(id) }
    }
  }

  func addedTokens() throws(CheckpointError) -> AddedTokens {
    var tokens: [AddedTokens.Token] = []
    for (index, entry) in (document["added_tokens"]?.elements ?? []).enumerated() {
      guard index < AddedTokens.maximumCount else {
        throw CheckpointError(.malformed, "added_tokens has more than \(AddedTokens.maximumCount) entries")
      }
      guard let content = entry["content"]?.text, !content.isEmpty,
        let id = entry["id"]?.index.flatMap(Int32.init(exactly:))
      else { throw CheckpointError(.malformed, "added_tokens[\(index)] needs content and id") }
      for flag in ["single_word", "lstrip", "rstrip"] where entry[flag]?.isTrue == true {
        throw CheckpointError(.unsupported, "added_tokens[\(index)].\(flag) must be false")
      }
      tokens.append(AddedTokens.Token(content: Scalars(content), id: id))
    }
    return AddedTokens(tokens)
  }

  func merges() throws(CheckpointError) -> MergeTable {
    guard let elements = model["merges"]?.elements else {
      throw CheckpointError(.malformed, "model.merges is missing")
    }
    try Self.check(elements.count, "model.merges")
    var table = MergeTable(capacity: elements.count)
    for (rank, element) in elements.enumerated() {
      guard let (left, right) = Self.pair(element) else {
        throw CheckpointError(.malformed, "model.merges[\(rank)] is not a pair")
      }
      guard let leftToken = tokens[left], let rightToken = tokens[right], let merged = tokens[left + right] else {
        throw CheckpointError(.malformed, "model.merges[\(rank)] names a token that is not in model.vocab")
      }
      table.append(left: leftToken, right: rightToken, token: merged)
    }
    return table
  }

  /// Two tokens that merge: `"a b"` in older files, `["a", "b"]` in newer ones.
  private static func pair(_ element: JSONValue) -> (left: Scalars, right: Scalars)? {
    if let text = element.text {
      let parts = Scalars(text).split(separator: " ")
      return parts.count == 2 ? (Scalars(parts[0]), Scalars(parts[1])) : nil
    }
    let parts = element.elements?.compactMap(\.text) ?? []
    return parts.count == 2 && element.elements?.count == 2 ? (Scalars(parts[0]), Scalars(parts[1])) : nil
  }

  private static func check(_ count: Int, _ field: String) throws(CheckpointError) {
    guard count <= Vocabulary.maximumTokens else {
      throw CheckpointError(.malformed, "\(field) has more than \(Vocabulary.maximumTokens) entries")
    }
  }
}
