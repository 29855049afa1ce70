/// Hangul in Latin letters: Revised Romanization in its academic form, letter by letter, as `hangul-romanize` writes
/// it. Source: the published transliteration table (Ministry of Culture, 2000, section 3-8).
enum HangulRomanization {
  private static let initials = [
    "g", "kk", "n", "d", "tt", "l", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h",
  ]
  private static let vowels = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
  ]
  private static let finals = [
    "", "g", "kk", "gs", "n", "nj", "nh", "d", "l", "lg", "lm", "lb", "ls", "lt", "lp", "lh", "m", "b", "bs", "s", "ss",
    "ng", "j", "ch", "k", "t", "p", "h",
  ]
  private static let firstSyllable: UInt32 = 0xAC00
  private static let lastSyllable: UInt32 = 0xD7A3

  static func romanize(_ text: Scalars) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count * 2)
    var previousFinal: Int?
    for scalar in text {
      guard (firstSyllable...lastSyllable).contains(scalar.value) else {
        result.append(scalar)
        previousFinal = nil
        continue
      }
      let index = Int(scalar.value - firstSyllable)
      let (initial, vowel, final) = (index / 588, index / 28 % 21, index % 28)
      if let previousFinal, needsHyphen[previousFinal * initials.count + initial] { result.append("-") }
      for part in [initials[initial], vowels[vowel], finals[final]] { result += part.unicodeScalars }
      previousFinal = final
    }
    return result
  }

  /// By final and initial: whether a hyphen must show where the syllables meet, before a vowel or where the letters
  /// could be shared out in another way. A final with nothing after it is not such a way.
  private static let needsHyphen: [Bool] = {
    let finalSet = Set(finals)
    let initialSet = Set(initials)
    return finals.flatMap { final in
      initials.map { initial in
        if initial.isEmpty { return true }
        let letters = final + initial
        let ways = letters.indices.count {
          finalSet.contains(String(letters[..<$0])) && initialSet.contains(String(letters[$0...]))
        }
        return ways > 1
      }
    }
  }()
}
