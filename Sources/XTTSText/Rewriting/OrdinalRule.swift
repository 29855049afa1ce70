import SpeechCore

/// Ordinals that upstream does not see (`1.º`, `2nde`, `3ro`) or gives the wrong gender (`2ª`).
struct OrdinalRule: RewriteRule {
  let words: SpokenWords

  private enum Gender { case masculine, feminine }

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let number = text.number(at: position), number.value > 0, let suffixes = Self.suffixes[words.language] else {
      return nil
    }
    if words.language == .spanish, text.matches(Scalars("er"), at: number.end), text.at(number.end + 2)?.isWord != true
    {
      // `primer piso`, `tercer piso`.
      return RewriteMatch(end: number.end + 2, words: String(words.ordinal(number.value).dropLast()))
    }
    for (suffix, gender) in suffixes {
      let end = number.end + suffix.count
      guard text.matches(suffix, at: number.end), text.at(end)?.isWord != true else { continue }
      return RewriteMatch(end: end, words: spoken(number.value, gender))
    }
    return nil
  }

  /// Longest first.
  private static let suffixes: [Language: [(Scalars, Gender)]] = [
    .spanish: [
      (Scalars(".º"), .masculine), (Scalars(".ª"), .feminine), (Scalars("ros"), .masculine),
      (Scalars("ro"), .masculine),
      (Scalars("ra"), .feminine), (Scalars("do"), .masculine), (Scalars("da"), .feminine), (Scalars("to"), .masculine),
      (Scalars("ta"), .feminine), (Scalars("mo"), .masculine), (Scalars("ma"), .feminine), (Scalars("vo"), .masculine),
      (Scalars("va"), .feminine), (Scalars("no"), .masculine), (Scalars("na"), .feminine), (Scalars("ª"), .feminine),
    ],
    .portuguese: [(Scalars(".º"), .masculine), (Scalars(".ª"), .feminine), (Scalars("ª"), .feminine)],
    .italian: [(Scalars("ª"), .feminine)],
    .french: [
      (Scalars("ères"), .feminine), (Scalars("ère"), .feminine), (Scalars("res"), .feminine),
      (Scalars("re"), .feminine),
      (Scalars("èmes"), .masculine), (Scalars("ndes"), .feminine), (Scalars("nde"), .feminine),
      (Scalars("nds"), .masculine), (Scalars("nd"), .masculine),
    ],
  ]

  private func spoken(_ value: Int, _ gender: Gender) -> String {
    let masculine = words.ordinal(value)
    if words.language == .french {
      if value == 1 { return gender == .feminine ? "première" : "premier" }
      return masculine
    }
    guard gender == .feminine else { return masculine }
    return masculine.split(separator: " ").map { $0.hasSuffix("o") ? $0.dropLast() + "a" : String($0) }
      .joined(separator: " ")
  }
}
