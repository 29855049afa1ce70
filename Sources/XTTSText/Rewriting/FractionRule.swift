import SpeechCore

/// `1/2`, `3/4`, `2 1/2`, `½`: proper fractions with denominators up to ten.
struct FractionRule: RewriteRule {
  let words: SpokenWords

  private static let signs: [Unicode.Scalar: (Int, Int)] = [
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
  ]

  func mayMatch(in text: Scalars) -> Bool { text.contains { $0.isASCIIDigit || Self.signs[$0] != nil } }

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    if let fraction = fraction(text, at: position) {
      if words.language == .german, (fraction.over, fraction.under) == (1, 2),
        let half = Self.germanHalf(
          of: String(
            Scalars(text[min(fraction.end + 1, text.count)..<text.wordEnd(from: min(fraction.end + 1, text.count))])))
      {
        return RewriteMatch(end: fraction.end, words: half)
      }
      return RewriteMatch(end: fraction.end, words: spoken(fraction.over, fraction.under))
    }
    guard let whole = text.number(at: position) else { return nil }
    let start = text.at(whole.end) == " " ? whole.end + 1 : whole.end
    guard let fraction = fraction(text, at: start), start > whole.end || text[start].isASCIIDigit == false else {
      return nil
    }
    return RewriteMatch(
      end: fraction.end, words: "\(words.cardinal(whole.value)) \(and) \(spoken(fraction.over, fraction.under))")
  }

  private var and: String { String(Scalars(words.webWords.count > 8 ? words.webWords[8] : "").stripped()) }

  private func fraction(_ text: Scalars, at position: Int) -> (over: Int, under: Int, end: Int)? {
    guard let first = text.at(position) else { return nil }
    if let (over, under) = Self.signs[first] { return (over, under, position + 1) }
    guard let over = text.number(at: position), text.at(over.end) == "/", let under = text.number(at: over.end + 1),
      over.value > 0, over.value < under.value, text.endsToken(at: under.end),
      words.denominators.indices.contains(under.value - 2) || isMark(over.value, under.value)
    else { return nil }
    return (over.value, under.value, under.end)
  }

  /// `einen halben Liter`, `eine halbe Stunde`.
  private static func germanHalf(of noun: String) -> String? {
    switch noun {
    case "Liter", "Meter", "Tag", "Monat", "Kilometer", "Becher", "Löffel", "Teelöffel", "Esslöffel": "einen halben"
    case "Stunde", "Minute", "Tasse", "Flasche", "Dose", "Packung", "Million", "Tonne", "Seite", "Portion": "eine halbe"
    case "Kilo", "Kilogramm", "Pfund", "Jahr", "Glas", "Stück", "Dutzend": "ein halbes"
    default: nil
    }
  }

  /// `9/10` is a mark out of ten.
  private static let outOf: [Language: String] = [
    .english: "out of", .spanish: "sobre", .french: "sur", .german: "von", .italian: "su", .portuguese: "de",
  ]

  private func isMark(_ over: Int, _ under: Int) -> Bool {
    [10, 20, 100].contains(under) && over > 1 && Self.outOf[words.language] != nil
  }

  private func spoken(_ over: Int, _ under: Int) -> String {
    if isMark(over, under), let outOf = Self.outOf[words.language] {
      return "\(words.cardinal(over)) \(outOf) \(words.cardinal(under))"
    }
    let names = words.denominators[under - 2]
    if over == 1 { return (under == 2 ? words.oneOf.half : words.oneOf.other) + names.one }
    return words.cardinal(over) + " " + names.many
  }
}
