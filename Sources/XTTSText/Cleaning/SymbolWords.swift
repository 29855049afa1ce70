/// Signs that are read as words.
enum SymbolWords {
  private static let signs: [Unicode.Scalar] = ["&", "@", "%", "#", "$", "£", "°"]

  /// The table of one language from its words in the order `& @ % # $ £ °`.
  static func table(_ words: [String]) -> [Unicode.Scalar: Scalars] {
    Dictionary(uniqueKeysWithValues: zip(signs, words.map { Scalars(" \($0) ") }))
  }

  static func expand(_ text: Scalars, table: [Unicode.Scalar: Scalars]) -> Scalars {
    guard text.contains(where: { isSign($0) }) else { return text }
    var result = Scalars()
    result.reserveCapacity(text.count + 16)
    for scalar in text {
      if isSign(scalar), let words = table[scalar] { result += words } else { result.append(scalar) }
    }
    return result
  }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "&", "@", "%", "#", "$", "£", "°": true
    default: false
    }
  }
}
