/// Japanese text to words with their readings, by a MeCab dictionary.
struct MorphologicalAnalyzer: Sendable {
  /// Longer texts are taken in parts at line ends or punctuation; the search keeps every candidate in memory.
  private static let blockLength = 2000

  let dictionary: MeCabDictionary

  init(folder: String) throws(TextError) {
    dictionary = try MeCabDictionary(folder: folder)
  }

  func morphemes(_ text: Scalars) -> [Morpheme] {
    var result: [Morpheme] = []
    var start = 0
    while start < text.count {
      var end = min(start + Self.blockLength, text.count)
      if end < text.count,
        let cut = text[start..<end].lastIndex(where: { $0.endsSentence || $0.endsClause || $0.isPythonSpace })
      {
        end = cut + 1
      }
      let block = Scalars(text[start..<end])
      result += MeCabLattice.words(of: block, dictionary: dictionary).map { morpheme($0, in: block) }
      start = end
    }
    return result
  }

  private func morpheme(_ word: MeCabLattice.Word, in text: Scalars) -> Morpheme {
    var fields = FeatureFields(word.features)
    // IPADIC has marks such as `!` among the nouns.
    if fields.isIPADIC, !text[word.range].contains(where: \.isWord) { fields.partOfSpeech = "補助記号" }
    let names = dictionary.characters.categoryNames
    let script: Morpheme.Script =
      switch word.category < names.count ? names[word.category] : "" {
      case "ALPHA": .letters
      case "HIRAGANA", "KATAKANA": .kana
      default: .other
      }
    return Morpheme(
      surface: Scalars(text[word.range]), hasSpaceBefore: word.hasSpaceBefore, isUnknown: word.isUnknown,
      script: script, partOfSpeech: fields.partOfSpeech, subclass: fields.subclass, lemma: fields.lemma,
      kana: fields.kana, pronunciation: fields.pronunciation)
  }
}
