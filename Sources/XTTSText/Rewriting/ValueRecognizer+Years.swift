import SpeechCore

/// Years that are not said like other numbers, pairs of years, decades.
extension ValueRecognizer {
  /// `2010/11`, `1941-42`, `1990-1995`.
  func years(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), first.end - position == 4, (1100...2099).contains(first.value),
      let mark = text.at(first.end), "-–/".unicodeScalars.contains(mark), let second = text.number(at: first.end + 1),
      text.endsToken(at: second.end), text.at(position - 1) != "-", text.at(position - 1) != "#",
      ![.chinese, .japanese, .korean].contains(language)
    else { return nil }
    let isWhole = second.end - first.end == 5
    guard isWhole || second.end - first.end == 3 else { return nil }
    let isRising =
      isWhole
      ? second.value > first.value && second.value < 2100
      : second.value > first.value % 100 || first.value % 100 == 99
    guard isRising else { return nil }
    let isRange = mark != "/"
    guard isRange || isWhole || second.value == (first.value + 1) % 100 else { return nil }
    // `1941-42` is said with both years in full, and so is `2008/09`.
    let isShort = !isWhole && !isRange && (second.value > 9 || language == .english)
    let last =
      isWhole || isShort ? second.value : (first.value + (second.value == 0 ? 1 : 0)) / 100 * 100 + second.value
    return WrittenValue(kind: .years(first.value, last, isRange: isRange), range: position..<second.end)
  }

  /// `1980s`, `the '90s`, `20s` in English; `1920er` in German.
  func decade(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let number = text.number(at: position), number.value % 10 == 0 else { return nil }
    if language == .german, number.end - position == 4, (1100...1999).contains(number.value),
      text.matches(["e", "r"], at: number.end)
    {
      return WrittenValue(kind: .year(number.value), range: position..<number.end)
    }
    guard language == .english, text.at(number.end) == "s", text.at(number.end + 1)?.isWord != true else { return nil }
    let length = number.end - position
    guard
      length == 2 && number.value >= 20 && followsDecadeWord(text, position)
        || length == 4 && (1100...2099).contains(number.value)
    else { return nil }
    return WrittenValue(kind: .decade(number.value), range: position..<(number.end + 1))
  }

  /// `20s` alone is a number of seconds.
  private func followsDecadeWord(_ text: Scalars, _ position: Int) -> Bool {
    if let mark = text.at(position - 1), mark == "'" || mark == "’" { return true }
    return ["the", "her", "his", "their", "my", "our", "your", "early", "mid", "late", "mid-"]
      .contains(text.word(before: position))
  }

  /// A year that the language says in two halves or in hundreds; the words around it keep other numbers of four digits
  /// out.
  func year(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let context = Self.yearContext[language], let number = text.number(at: position),
      number.end - position == 4, (1100...2099).contains(number.value), text.endsToken(at: number.end),
      text.at(position - 1) != "-"
    else { return nil }
    var last = position - 1
    while last >= 0, position - last < 4, let mark = text.at(last), mark == " " || mark == "," || mark == "(" {
      last -= 1
    }
    let before = text.lowerWord(endingAt: last + 1)
    let after = text.at(number.end) == " " ? text.word(at: number.end + 1) : ""
    // A noun after the number counts it: `in 1500 houses`.
    let endsYear = after.isEmpty || context.after.contains(after.lowercased())
    let isYear: Bool =
      switch language {
      case .hindi: context.before.contains(before) || context.after.contains(after)
      case .dutch: context.before.contains(before)
      case .german:
        // Before another word than a noun it is a year.
        context.before.contains(before) && endsYear || context.alone.contains(after)
          || number.value < 2000 && after.first?.isLowercase == true && !["euro", "km", "m"].contains(after)
      default:
        context.before.contains(before) && endsYear || text.at(last) == "©"
          || text.at(position - 1) == "("
            && text.at(number.end) == ")"
          || before == "the" && (1900...2039).contains(number.value) && !after.isEmpty
            && (!after.hasSuffix("s") || after.first?.isUppercase == true)
      }
    return isYear ? WrittenValue(kind: .year(number.value), range: position..<number.end) : nil
  }

  private struct YearContext {
    var before: Set<String> = []
    var after: Set<String> = []
    var alone: Set<String> = []
  }

  private static let yearContext: [Language: YearContext] = [
    .english: YearContext(
      before: words(
        "in since until from before after during by year years circa january february march april may june july august "
          + "september october november december summer winter spring autumn of to between and till copyright early "
          + "late mid around season established est jan feb mar apr jun jul aug sep sept oct nov dec through"),
      after: words(
        "and or to until when was were the a an he she it they we i at as with for but by in on there is will had "
          + "has through onwards onward because after before while that which who saw")),
    .german: YearContext(
      before: words(
        "im in seit bis von vor nach um jahr jahre anno ab januar februar märz april mai juni juli august september "
          + "oktober november dezember sommer winter herbst frühling frühjahr copyright"),
      after: words(
        "und oder bis als war waren wurde wurden der die das ein eine er sie es wir ich mit für aber gab hat ist kam "
          + "in bei auf an"), alone: words("in bei auf als wurde war")),
    .dutch: YearContext(
      before: words(
        "van tot in sinds jaar na voor vanaf rond en januari februari maart april mei juni "
          + "juli augustus september oktober november december zomer winter")),
    .hindi: YearContext(
      before: words("सन् वर्ष साल सन जनवरी फ़रवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"),
      after: words("में से तक का के की")),
  ]

  private static func words(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }
}
