import Checkpoint
import SpeechCore

/// The parts of `vocab.json` that the model's other files must fit: the start and stop tokens, the languages, the number of
/// tokens.
struct TextMarkers: Equatable {
  var start: Int
  var stop: Int
  /// The largest token and one.
  var tokenCount: Int
  /// The names of all added tokens; `[en]` is a language.
  var added: Set<String>

  /// The largest `vocab.json` that is read; the published one has 0.4 MB.
  static let maximumByteCount = 16 << 20

  /// - Throws: ``ModelError`` `unreadable` when the file is not a vocabulary or a marker is missing.
  init(path: String) throws(ModelError) {
    do throws(CheckpointError) {
      let document = try JSONValue(path: path, maximumByteCount: Self.maximumByteCount)
      guard let start = Self.token("[START]", document), let stop = Self.token("[STOP]", document) else {
        throw CheckpointError(.malformed, "has no token [START] or [STOP]", file: path)
      }
      (self.start, self.stop) = (start, stop)
      let tokens = document["added_tokens"]?.elements ?? []
      added = Set(tokens.compactMap { $0["content"]?.text })
      let ids =
        tokens.compactMap { $0["id"]?.index } + (document["model"]?["vocab"]?.members ?? []).compactMap(\.value.index)
      tokenCount = (ids.max() ?? 0) + 1
    } catch {
      throw ModelError(.unreadable, error.description)
    }
  }

  /// The number of a token. An added token takes precedence over one of the vocabulary, and the first over later ones.
  private static func token(_ name: String, _ document: JSONValue) -> Int? {
    let added = document["added_tokens"]?.elements?.lazy.filter { $0["content"]?.text == name }.compactMap {
      $0["id"]?.index
    }
    return added?.first ?? document["model"]?["vocab"]?[name]?.index
  }
}
