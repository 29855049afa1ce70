import Checkpoint
import SpeechCore

/// A `vocab.json` in the Hugging Face `tokenizers` format, reduced to what XTTS uses: BPE over the characters of
/// white-space-separated words, with special tokens cut out first.
struct Vocabulary: Sendable {
  static let maximumFileBytes = 16 << 20
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

  /// Reads a file of at most 16 MiB; the published one has 0.4 MB.
  /// - Throws: ``TextError`` `unreadable`, `malformed`, or `unsupported` for a feature this tokenizer does not have.
  static func load(path: String) throws(TextError) -> Vocabulary {
    do throws(CheckpointError) {
      return try Vocabulary(JSONValue(path: path, maximumByteCount: maximumFileBytes), path: path)
    } catch {
      throw TextError(error)
    }
  }

  init(json: [UInt8]) throws(TextError) {
    do throws(CheckpointError) {
      let document = try json.withUnsafeBufferPointer { json throws(CheckpointError) in
        try JSONValue(modelFile: UnsafeRawBufferPointer(json))
      }
      try self.init(document, path: "")
    } catch {
      throw TextError(error)
    }
  }

  private init(_ document: JSONValue, path: String) throws(CheckpointError) {
    do throws(CheckpointError) {
      let reader = try VocabularyReader(document)
      tokenCount = reader.tokens.count
      characters = reader.characters
      fusesUnknown = reader.model["fuse_unk"]?.isTrue ?? false
      if let unknown = reader.model["unk_token"]?.text {
        guard let id = reader.tokens[Scalars(unknown)] else {
          throw CheckpointError(.malformed, "model.unk_token \(unknown.prefix(64)) is not in model.vocab")
        }
        unknownToken = id
      }
      addedTokens = try reader.addedTokens()
      merges = try reader.merges()
    } catch {
      throw CheckpointError(error.code, error.reason, file: path)
    }
  }
}

extension TextError {
  /// The error of reading a vocabulary's file.
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
