/// The special tokens, found in the text before anything else is done with it: leftmost first, the longest of those.
struct AddedTokens: Sendable {
  struct Token: Sendable, Equatable {
    var content: Scalars
    var id: Int32
  }

  static let maximumCount = 1 << 16

  /// By first scalar, longest first.
  private var candidates: [Unicode.Scalar: [Token]] = [:]

  init(_ tokens: [Token]) {
    for token in tokens {
      guard let first = token.content.first else { continue }
      candidates[first, default: []].append(token)
    }
    candidates = candidates.mapValues { $0.sorted { $0.content.count > $1.content.count } }
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
