/// Chinese: numbers in characters, punctuation to commas, then everything to numbered pinyin.
struct ChineseCleaner: LanguageCleaner {
  /// The words for `& @ % # $ £ °`; after punctuation has become commas only the last two are still met.
  private static let symbols = SymbolWords.table(["和", "在", "百分之", "号", "美元", "英镑", "度"])
  /// The number rules go back to the start of the text for each match, so it is given to them in blocks. The model
  /// reads far less at once.
  private static let blockLength = 1000

  private static let punctuation = Set(
    """
    ！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃《》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏·〈〉\
    -!"#$%&'()*+,./:;<=>?@[\\]^_`{|}~
    """.unicodeScalars)

  func clean(_ text: Scalars) -> Scalars {
    let unquoted = text.filter { $0 != "\"" }
    var cleaned = Scalars()
    for block in Self.blocks(unquoted) { cleaned += ChineseNumberRules.apply(to: Scalars(block)) }
    cleaned = cleaned.map { Self.punctuation.contains($0) ? "," : $0 }
    cleaned = SymbolWords.expand(cleaned, table: Self.symbols).collapsingWhitespace()
    return Self.romanized(cleaned)
  }

  func romanize(_ text: Scalars) -> Scalars { Self.romanized(text) }

  private static func blocks(_ text: Scalars) -> [ArraySlice<Unicode.Scalar>] {
    var blocks: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    while text.count - start > blockLength {
      // Numbers stay whole unless they fill the block.
      let limit = start + blockLength
      let cut = text[start..<limit].lastIndex { $0.properties.isWhitespace || punctuation.contains($0) }
      let end = cut.map { $0 + 1 } ?? limit
      blocks.append(text[start..<end])
      start = end
    }
    return blocks + [text[start...]]
  }

  private static func romanized(_ text: Scalars) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count * 4)
    var position = 0
    while position < text.count {
      let end = text.end(from: position, while: PinyinDictionary.covers)
      if end > position {
        for syllable in PinyinDictionary.shared.readings(of: text[position..<end]) { result += syllable.unicodeScalars }
        position = end
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }
}
