import Checkpoint

/// A `vocab.json` in the Hugging Face `tokenizers` format, reduced to what XTTS uses: BPE over the characters of
/// white-space-separated words, with special tokens cut out first.
struct Vocabulary: Sendable {
  static let maximumFileBytes = 64 << 20
  static let maximumTokens = 1 << 20

  /// Token of each single character.
  var characters: [Unicode.Scalar: Int32]
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
    do throws(CheckpointError) {
      return try JSONFile.read(path, maximumByteCount: maximumFileBytes) { json throws(CheckpointError) in
        try Vocabulary(reading: json)
      }
    } catch {
      throw TextError(error)
    }
  }

  init(json: [UInt8]) throws(TextError) {
    do throws(CheckpointError) {
      self = try json.withUnsafeBufferPointer { json throws(CheckpointError) in
        try Vocabulary(reading: UnsafeRawBufferPointer(json))
      }
    } catch {
      throw TextError(error)
    }
  }

  private init(reading json: UnsafeRawBufferPointer) throws(CheckpointError) {
    let reader = try VocabularyReader(json)
    var allowance = ReadingAllowance(fileByteCount: json.count)
    let tokens: TokenIndex
    (tokens, characters) = try reader.tokens(&allowance)
    tokenCount = tokens.count
    fusesUnknown = try reader.model.isTrue("fuse_unk")
    if let unknown = try reader.model.text("unk_token") {
      var name: [UInt8] = []
      unknown.append(to: &name)
      guard let id = try tokens.id(of: name) else {
        throw CheckpointError(.malformed, "model.unk_token \(unknown.excerpt) is not in model.vocab")
      }
      unknownToken = id
    }
    addedTokens = try reader.addedTokens(&allowance)
    merges = try reader.merges(tokens, &allowance)
  }
}

extension TextError {
  /// What is wrong with a vocabulary's file.
  init(_ error: CheckpointError) {
    let code: Code =
      switch error.code {
      case .unreadable, .limitExceeded: .unreadable
      case .unsupported: .unsupported
      default: .malformed
      }
    self.init(code, "\(error)")
  }
}
