import SpeechCore

/// `… bis 20.` at the end of a sentence: a number and a full stop, which upstream takes for an ordinal in some languages.
struct FinalNumberRule: RewriteRule {
  let numbers: any NumberWords
  let language: Language

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    let end = text.end(from: position, while: \.isASCIIDigit)
    guard end > position, text.at(end) == ".",
      position > 0 && endsSentence(text, end + 1) || Self.isListNumber(text, position, end),
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

  /// `1. Mehl kaufen` at the start of a line, where the line before or after it has the number before or after it.
  static func isListNumber(_ text: Scalars, _ position: Int, _ end: Int) -> Bool {
    guard end - position <= 2, text.at(end) == ".", text.at(end + 1) == " ", let own = text.number(at: position)?.value
    else { return false }
    let last = text.lastNonSpace(before: position)
    guard last < 0 || text[last].isLineBreak else { return false }
    func starts(_ number: Int, at start: Int) -> Bool {
      text.number(at: text.end(from: start, while: \.isPythonSpace)).map {
        $0.value == number && text.at($0.end) == "."
      } ?? false
    }
    let next = text.end(from: end, limit: longestLine) { !$0.isLineBreak }
    if starts(own + 1, at: next) { return true }
    var lineEnd = last + 1
    while lineEnd > 0, text[lineEnd - 1].isPythonSpace { lineEnd -= 1 }
    var lineStart = lineEnd
    while lineStart > 0, lineEnd - lineStart < longestLine, !text[lineStart - 1].isLineBreak { lineStart -= 1 }
    return own > 1 && lineStart < lineEnd && starts(own - 1, at: lineStart)
  }

  private static let longestLine = 1000

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
