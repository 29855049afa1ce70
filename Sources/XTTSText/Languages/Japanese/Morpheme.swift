/// One Japanese word as the dictionary describes it, whichever dictionary that is.
struct Morpheme: Sendable, Equatable {
  enum Script: Sendable, Equatable {
    case letters, kana, other
  }

  var surface: Scalars
  var hasSpaceBefore = false
  var isUnknown = false
  /// Script of the first character, as the dictionary's character table has it.
  var script = Script.other
  /// Part of speech and its first subdivision, in UniDic's terms.
  var partOfSpeech: String
  var subclass: String
  /// UniDic writes the original spelling of a borrowed word after a hyphen: `カツ-cutlet`.
  var lemma: String?
  /// The spelling in katakana.
  var kana: String?
  /// The pronunciation; differs from `kana` in particles.
  var pronunciation: String?

  /// The original spelling of a borrowed word.
  var foreignSpelling: String? {
    guard !surface.contains("-"), let lemma, let hyphen = lemma.firstIndex(of: "-") else { return nil }
    let spelling = lemma[lemma.index(after: hyphen)...]
    return spelling.utf8.allSatisfy { $0 < 0x80 } ? String(spelling) : nil
  }

  var isASCII: Bool { surface.allSatisfy(\.isASCII) }
  /// `str.isdigit`.
  var isNumber: Bool {
    !surface.isEmpty
      && surface.allSatisfy { $0.isDecimalDigit || $0.properties.numericType == .digit }
  }
}
