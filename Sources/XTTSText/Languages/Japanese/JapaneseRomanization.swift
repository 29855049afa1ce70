/// Words to a line of romaji: the spelling of each word and the places of spaces, as in cutlet 0.5.
enum JapaneseRomanization {
  private struct Piece {
    var text: String
    var hasSpaceAfter = false
  }

  /// Spellings that go before any reading, in lower case.
  private static let exceptions = Dictionary(
    uniqueKeysWithValues: [
      ("ホッピー", "hoppy"), ("東京", "tokyo"), ("大阪", "osaka"), ("京都", "kyoto"), ("柔道", "judo"), ("弁当", "bento"),
      ("ヒルズ", "hills"), ("カービィ", "kirby"),
    ].map { (Scalars($0), $1) })

  /// - Parameter keepsUnknown: Words without a reading stay as they are; upstream writes a question mark per character.
  static func romanize(_ words: [Morpheme], keepsUnknown: Bool = false) -> String {
    var pieces: [Piece] = []
    for (index, word) in words.enumerated() {
      let next = index + 1 < words.count ? words[index + 1] : nil
      append(word, next: next, keepsUnknown: keepsUnknown, to: &pieces)
    }
    let text = pieces.map { $0.hasSpaceAfter ? $0.text + " " : $0.text }.joined()
    return String(text.unicodeScalars.filter { $0 != "っ" })
  }

  private static func append(_ word: Morpheme, next: Morpheme?, keepsUnknown: Bool, to pieces: inout [Piece]) {
    let last = pieces.count - 1
    if word.surface == ["'"], let next, next.script == .letters, !next.hasSpaceBefore, !word.hasSpaceBefore {
      if last >= 0 { pieces[last].hasSpaceAfter = false }
      pieces.append(Piece(text: "'"))
      return
    }
    let text = spelling(of: word, keepsUnknown: keepsUnknown)
    if last >= 0, pieces[last].text.unicodeScalars.last == "っ", let first = text.first {
      pieces[last].text = pieces[last].text.dropLast() + String(first)
    }
    let opensBracket = word.surface == ["「"] || word.surface == ["『"] || ["", "(", "[", "(["].contains(text)
    if opensBracket {
      if last >= 0 { pieces[last].hasSpaceAfter = true }
      pieces.append(Piece(text: text))
    } else if text == "/" {
      pieces.append(Piece(text: text))
    } else if word.isASCII, let next, next.isASCII {
      pieces.append(Piece(text: String(word.surface), hasSpaceAfter: next.hasSpaceBefore))
    } else {
      pieces.append(Piece(text: text, hasSpaceAfter: needsSpace(after: word, text: text, next: next)))
    }
  }

  private static func needsSpace(after word: Morpheme, text: String, next: Morpheme?) -> Bool {
    if word.partOfSpeech == "接頭辞" { return false }
    if word.foreignSpelling != nil, text.hasSuffix("-") { return false }
    guard let next else { return true }
    if ["補助記号", "接尾辞"].contains(next.partOfSpeech) || next.surface == [","] { return false }
    if next.subclass == "接続助詞" { return false }
    if word.isNumber, next.isNumber { return false }
    let inflects = ["動詞", "助動詞", "形容詞"].contains(word.partOfSpeech)
    return !(inflects && next.partOfSpeech == "助動詞" && String(next.surface) != "です")
  }

  private static func spelling(of word: Morpheme, keepsUnknown: Bool) -> String {
    if let exception = exceptions[word.surface] { return exception }
    let surface = String(word.surface)
    if word.isNumber || word.isASCII { return surface }
    if surface == "€" || surface == "¥" { return "" }
    if word.isUnknown {
      return word.script == .kana
        ? KanaRomanization.romanize(word.surface)
        : keepsUnknown ? surface : String(repeating: "?", count: word.surface.count)
    }
    if word.partOfSpeech == "補助記号" { return KanaTable.spellings[word.surface] ?? "" }
    if word.partOfSpeech == "助詞" {
      if word.pronunciation == "ワ" { return "wa" }
      if word.pronunciation == "エ" { return "e" }
    }
    if let foreign = word.foreignSpelling { return foreign }
    return word.kana.map { KanaRomanization.romanize(Scalars($0)) } ?? surface
  }
}
