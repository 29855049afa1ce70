import Foundation

/// The two tokens that frame every text, as `vocab.json` numbers them.
struct TextMarkers: Equatable {
  var start: Int
  var stop: Int

  /// Largest `vocab.json` that is read.
  static let maximumByteCount = 64 << 20

  private struct Vocabulary: Decodable {
    struct AddedToken: Decodable {
      var id: Int
      var content: String
    }
    struct Model: Decodable {
      var vocab: [String: Int]
    }
    var added_tokens: [AddedToken]?
    var model: Model
  }

  /// - Throws: ``ModelError`` `unreadable` when the JSON is not a vocabulary or lacks a marker.
  init(json: Data) throws(ModelError) {
    guard json.count <= Self.maximumByteCount else {
      throw ModelError(.unreadable, "vocab.json is larger than \(Self.maximumByteCount) bytes")
    }
    let vocabulary: Vocabulary
    do {
      vocabulary = try JSONDecoder().decode(Vocabulary.self, from: json)
    } catch {
      throw ModelError(.unreadable, "vocab.json is not a tokenizer's vocabulary")
    }
    let id = { (token: String) throws(ModelError) -> Int in
      let added = vocabulary.added_tokens?.first { $0.content == token }?.id
      guard let id = added ?? vocabulary.model.vocab[token], id >= 0 else {
        throw ModelError(.unreadable, "vocab.json has no token \(token)")
      }
      return id
    }
    start = try id("[START]")
    stop = try id("[STOP]")
  }
}
