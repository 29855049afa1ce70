/// The special tokens, found in the text before anything else is done with it: leftmost first, the longest of those.
struct AddedTokens: Sendable {
  struct Token: Sendable, Equatable {
    var content: Scalars
    var id: Int32
  }

  private static let maximumCount = 1 << 16

  /// By first scalar, longest first.
  private var candidates: [Unicode.Scalar: [Token]] = [:]

  init(_ tokens: [Token]) {
    for token in tokens {
      guard let first = token.content.first else { continue }
      candidates[first, default: []].append(token)
    }
    candidates = candidates.mapValues { $0.sorted { $0.content.count > $1.content.count } }
  }

  init(json: JSONValue?) throws(TextError) {
    let entries = json?.array ?? []
    guard entries.count <= Self.maximumCount else {
      throw TextError(.malformed, "added_tokens has more than \(Self.maximumCount) entries")
    }
    var tokens: [Token] = []
    for (index, entry) in entries.enumerated() {
      guard let content = entry["content"]?.string, !content.isEmpty, let id = entry["id"]?.index else {
        throw TextError(.malformed, "added_tokens[\(index)] needs content and id")
      }
      for flag in ["single_word", "lstrip", "rstrip"] where entry[flag]?.bool == true {
        throw TextError(.unsupported, "added_tokens[\(index)].\(flag) must be false")
      }
      tokens.append(Token(content: Scalars(content), id: Int32(id)))
    }
    self.init(tokens)
  }

  /// The token that begins exactly at `position`.
  func token(in text: Scalars, at position: Int) -> Token? {
    candidates[text[position]]?.first { text.matches($0.content, at: position) }
  }

  /// The token whose content is exactly `content`.
  func token(_ content: String) -> Token? {
    let scalars = Scalars(content)
    return scalars.first.flatMap { candidates[$0] }?.first { $0.content == scalars }
  }
}
