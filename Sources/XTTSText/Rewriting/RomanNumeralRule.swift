/// Roman numerals after a name or a word that takes a number: `Louis XIV`, `Chapter IV`, `siglo XIX`.
struct RomanNumeralRule: RewriteRule {
  let words: SpokenWords

  func mayMatch(in text: Scalars) -> Bool { text.contains { Self.values[$0] != nil } }

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    var numeralEnd = text.end(from: position) { Self.values[$0] != nil }
    let end = text.wordEnd(from: numeralEnd, limit: 4)
    guard numeralEnd > position, let value = Self.value(text[position..<numeralEnd]) else { return nil }
    if words.language == .french, numeralEnd < end {
      // `XIXe siècle` carries its own ending; `Le` and `Ce` do not.
      let ending = String(text[numeralEnd..<end])
      guard value == 1 ? ["er", "re"].contains(ending) : ["e", "ème"].contains(ending), value < 50 else { return nil }
      return RewriteMatch(end: end, words: words.ordinal(value))
    }
    guard numeralEnd == end, !Self.sizes.contains(Scalars(text[position..<end])), text.at(position - 1) == " ",
      let before = Self.wordBefore(text, position)
    else {
      return nil
    }
    let word = String(before.lowercased())
    if words.countedWords.contains(word) || Self.joints.contains(word) && followsNumeral(text, position) {
      return RewriteMatch(end: end, words: words.cardinal(value))
    }
    if words.ordinalWords.contains(word) { return RewriteMatch(end: end, words: words.ordinal(value)) }
    let isRuler =
      numeralEnd - position >= 2 || [.spanish, .italian, .portuguese].contains(words.language) && value == 1
    guard Self.isName(before), isRuler, value <= 40 else { return nil }
    if words.language == .german, text.at(numeralEnd) == "." { numeralEnd += 1 }
    let namesRulers = ![.english, .german].contains(words.language) || Self.rulers.contains(word)
    let usesOrdinal = value <= words.highestRulerOrdinal && namesRulers
    let isFeminine =
      [.spanish, .italian, .portuguese].contains(words.language)
      && (word.hasSuffix("a") || word == "isabel" || word == "elizabeth")
    var ordinal = words.ordinal(value)
    if isFeminine, ordinal.hasSuffix("o") { ordinal = ordinal.dropLast() + "a" }
    return RewriteMatch(
      end: numeralEnd, words: usesOrdinal ? words.rulerArticle + ordinal : words.cardinal(value))
  }

  /// Names after which a numeral is an ordinal in English and German; after others it counts parts (`Rocky IV`).
  private static let rulers: Set<String> = [
    "louis", "henry", "charles", "george", "edward", "elizabeth", "james", "richard", "william", "john", "paul", "pius",
    "benedict", "francis", "frederick", "catherine", "peter", "alexander", "nicholas", "philip", "napoleon", "leopold",
    "otto", "mary", "leo", "gregory", "innocent", "urban", "clement", "alfonso", "ferdinand", "ivan", "ramses",
    "darius",
    "ludwig", "heinrich", "karl", "georg", "eduard", "elisabeth", "jakob", "wilhelm", "johannes", "franz", "friedrich",
    "katharina", "maximilian", "rudolf", "konrad", "joseph", "nikolaus", "philipp", "margrethe", "gustav", "christian",
    "papst", "pope", "king", "queen", "könig", "kaiser", "paulus", "johann", "albert", "victoria", "umberto",
  ]

  private static let joints: Set<String> = ["y", "e", "et", "and", "und"]

  /// `XVIII y XIX`.
  private func followsNumeral(_ text: Scalars, _ position: Int) -> Bool {
    guard let joint = Self.wordBefore(text, position), let first = Self.wordBefore(text, position - joint.count - 1)
    else { return false }
    return first.count > 1 && Self.value(first[...]) != nil
  }

  private static func wordBefore(_ text: Scalars, _ position: Int) -> Scalars? {
    let end = text.at(position - 2) == "." ? position - 2 : position - 1
    var start = end
    while let letter = text.at(start - 1), letter.isWord { start -= 1 }
    return start < end ? Scalars(text[start..<end]) : nil
  }

  private static func isName(_ word: Scalars) -> Bool {
    guard word.count >= 3, word[0].properties.isUppercase else { return false }
    return word.dropFirst().allSatisfy(\.properties.isLowercase)
  }

  private static let values: [Unicode.Scalar: Int] = ["I": 1, "V": 5, "X": 10, "L": 50, "C": 100]

  /// Sizes of clothes.
  private static let sizes: [Scalars] = [Scalars("XL"), Scalars("XXL"), Scalars("L")]

  /// The value of a numeral in its usual form up to 399; nil for anything else made of those letters.
  static func value(_ numeral: ArraySlice<Unicode.Scalar>) -> Int? {
    let digits = numeral.map { values[$0] ?? 0 }
    var total = 0
    for (index, digit) in digits.enumerated() {
      total += index + 1 < digits.count && digit < digits[index + 1] ? -digit : digit
    }
    return total > 0 && written(total).elementsEqual(numeral) ? total : nil
  }

  private static func written(_ value: Int) -> Scalars {
    var rest = value
    var result = Scalars()
    for (unit, letters) in [
      (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ] {
      while rest >= unit, result.count < 16 {
        result += letters.unicodeScalars
        rest -= unit
      }
    }
    return result
  }
}
