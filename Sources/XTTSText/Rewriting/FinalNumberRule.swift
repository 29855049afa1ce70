import SpeechCore

/// `… bis 20.` at the end of a sentence: a number and a full stop, which upstream takes for an ordinal in some languages.
struct FinalNumberRule: RewriteRule {
  let numbers: any NumberWords
  let language: Language

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    let end = text.end(from: position, while: \.isASCIIDigit)
    guard end > position, text.at(end) == ".", position > 0, endsSentence(text, end + 1),
      let words = numbers.cardinal(DecimalInteger(text[position..<end]))
    else { return nil }
    return RewriteMatch(end: end, words: words)
  }

  private func endsSentence(_ text: Scalars, _ start: Int) -> Bool {
    let next = text.end(from: start) { !$0.isWord }
    guard next < text.count else { return true }
    if text[start..<next].contains(where: \.isLineBreak) { return true }
    return next > start && Self.startsSentence(String(text[next..<text.wordEnd(from: next)]), language)
  }

  /// Whether a word with a capital starts a sentence: no noun, in the languages that write nouns after ordinals with a capital.
  static func startsSentence(_ word: String, _ language: Language) -> Bool {
    guard word.first?.isUppercase == true else { return false }
    if language == .czech || language == .hungarian { return true }
    return starters[language]?.contains(word.lowercased()) ?? false
  }

  private static let starters: [Language: Set<String>] = [
    .german: [
      "danach", "dann", "das", "der", "die", "den", "dem", "es", "er", "sie", "wir", "ich", "ihr", "du", "ein", "eine",
      "in", "im", "am", "an", "auf", "und", "aber", "doch", "so", "heute", "jetzt", "da", "als", "wenn", "nach", "seit",
      "mit", "für", "auch", "hier", "man", "diese", "dieser", "dieses", "nun", "morgen", "gestern", "was", "wer", "wie",
      "wo", "bitte", "alle", "viele", "bei", "zu", "zum", "von", "vom", "weil", "damit", "deshalb", "daher", "trotzdem",
      "später", "vorher", "nur", "nicht", "kein", "keine", "mein", "unser", "sein", "dort", "außerdem", "also",
    ],
    .turkish: [
      "sonra", "bu", "ve", "ama", "o", "biz", "ben", "siz", "sen", "onlar", "şimdi", "bir", "çok", "daha", "ancak",
      "fakat", "bugün", "yarın", "dün", "orada", "burada", "her", "şu", "ne", "kim", "lütfen",
    ],
  ]
}
