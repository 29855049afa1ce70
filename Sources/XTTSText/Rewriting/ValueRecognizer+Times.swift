import SpeechCore

/// Times, fractions, years and counted things.
extension ValueRecognizer {
  func time(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let clock = ClockPatterns.table[language], let hours = text.number(at: position),
      hours.end - position <= 2, hours.value <= 24
    else { return nil }
    let mark = text.at(hours.end)
    guard mark == ":" || mark == "：" || mark == "." && clock.word != nil,
      let minutes = text.number(at: hours.end + 1), minutes.end - hours.end == 3, minutes.value < 60
    else { return nil }
    var end = minutes.end
    let word = clock.word.map { Scalars(" " + $0) }
    if let word, text.matches(word, at: end) {
      end += word.count
    } else if mark == "." {
      return nil
    }
    guard text.endsToken(at: end) || text.at(end) == "-" else { return nil }
    return WrittenValue(kind: .time(hours: hours.value, minutes: minutes.value), range: position..<end)
  }

  /// `1/2` everywhere; other fractions where the language says them in numbers.
  func fraction(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let over = text.number(at: position), text.at(over.end) == "/", let under = text.number(at: over.end + 1),
      text.endsToken(at: under.end), over.value > 0, over.value < under.value
    else { return nil }
    let range = position..<under.end
    if over.value == 1, under.value == 2 { return WrittenValue(kind: .half, range: range) }
    guard text[position] != "0", text.at(position - 1) != "/" else { return nil }
    return WrittenValue(
      kind: .fraction(
        WrittenNumber(whole: Scalars(text[position..<over.end])),
        WrittenNumber(whole: Scalars(text[(over.end + 1)..<under.end]))), range: range)
  }

  /// `3명`, `2个`.
  func count(_ text: Scalars, _ position: Int) -> WrittenValue? {
    if language == .japanese, let value = japaneseCount(text, position) { return value }
    if language == .korean, let value = koreanCount(text, position) { return value }
    guard let counters = Self.counters[language], let number = text.number(at: position), number.value > 0,
      text.at(position - 1)?.isASCIIDigit != true, text.at(position - 1) != "第", text.at(position - 1) != "제"
    else { return nil }
    let start = text.at(number.end) == " " ? number.end + 1 : number.end
    guard let counter = counters.first(where: { text.matches($0, at: start) }) else { return nil }
    // `5개월` counts months in Chinese words.
    if counter == ["개"], text.at(start + 1) == "월" { return nil }
    if counter == ["달"], text.at(start + 1) == "러" || text.at(start + 1) == "라" { return nil }
    guard language == .korean ? number.value < 100 : number.value == 2 else { return nil }
    return WrittenValue(
      kind: .count(WrittenNumber(whole: Scalars(text[position..<number.end])), counter: String(counter)),
      range: position..<(start + counter.count))
  }

  /// `3번`, `6월`, `제2차`: numbers that upstream takes for ordinals, and two months with irregular names.
  private func koreanCount(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let number = text.number(at: position), number.value > 0, text.at(position - 1)?.isASCIIDigit != true,
      let counter = text.at(number.end)
    else { return nil }
    let written = WrittenNumber(whole: Scalars(text[position..<number.end]))
    if counter == "월", number.value == 6 || number.value == 10 {
      return WrittenValue(kind: .abbreviation(number.value == 6 ? "유월" : "시월"), range: position..<(number.end + 1))
    }
    guard counter == "번" || counter == "차", text.at(number.end + 1) != "째" else { return nil }
    let noun = text.at(number.end + 1) == " " ? number.end + 2 : number.end + 1
    let isName =
      counter == "차" || text.at(position - 1) == "제" || number.value > 20
      || Self.numberedInKorean.contains { text.matches($0, at: noun) }
    let range = position..<(number.end + 1)
    return WrittenValue(
      kind: isName ? .number(written) : .count(written, counter: "번"), range: isName ? position..<number.end : range)
  }

  /// `4月`, `9時`: readings that the dictionary misses.
  private func japaneseCount(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let number = text.number(at: position), text.at(position - 1)?.isASCIIDigit != true,
      text.at(position - 1) != ".",
      let counter = text.at(number.end), text.at(number.end + 1) != "間",
      let words = JapaneseNumerals.irregular(number.value, counter)
    else { return nil }
    return WrittenValue(kind: .abbreviation(words), range: position..<(number.end + 1))
  }

  private static let numberedInKorean: [Scalars] = [
    "출구", "버스", "문제", "선", "방", "게이트", "채널", "문항", "국도", "타자", "좌석", "선수", "홈", "플랫폼", "후보", "트랙",
    "교향곡", "은", "이다", "으로", "을",
  ].map { Scalars($0) }

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
    // `1941-42` is said with both years in full.
    let last = isWhole || !isRange ? second.value : first.value / 100 * 100 + second.value
    return WrittenValue(kind: .years(first.value, last, isRange: isRange), range: position..<second.end)
  }

  /// `8/15` where the month comes first; `03.10.` in German and Czech.
  func monthDay(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), let mark = text.at(first.end), first.end - position <= 2 else {
      return nil
    }
    switch language {
    case .chinese, .japanese, .korean:
      guard mark == "/", let day = text.number(at: first.end + 1), (1...12).contains(first.value),
        (1...31).contains(day.value), day.value > 12 || first.value >= day.value, text.endsToken(at: day.end)
      else { return nil }
      return WrittenValue(kind: .monthDay(month: first.value, day: day.value), range: position..<day.end)
    case .german, .czech, .russian, .polish, .turkish:
      guard mark == "." else { return nil }
      let start = text.at(first.end + 1) == " " ? first.end + 2 : first.end + 1
      guard let month = text.number(at: start), (1...12).contains(month.value), (1...31).contains(first.value),
        month.end - start <= 2, text.endsToken(at: month.end)
      else { return nil }
      let hasPoint = text.at(month.end) == "."
      let hasZeros = text[start] == "0" && month.end - start == 2 && text.at(month.end) != "%"
      guard
        hasPoint && [.german, .czech].contains(language)
          || hasZeros && first.end - position == 2 && text[position] < "4"
      else { return nil }
      return WrittenValue(
        kind: .monthDay(month: month.value, day: first.value), range: position..<(hasPoint ? month.end + 1 : month.end))
    default: return nil
    }
  }

  static let counters: [Language: [Scalars]] = [
    .korean: [
      "시간", "시", "살", "명", "개", "마리", "잔", "병", "권", "대", "채", "척", "벌", "통", "달", "그루", "송이", "켤레", "가지", "사람",
    ],
    .chinese: [
      "个", "位", "小时", "点", "只", "条", "张", "本", "次", "辆", "杯", "天", "年", "种", "倍", "间", "家", "斤", "块", "公里", "公斤", "米",
      "元", "周", "件", "份", "台", "部", "套",
    ],
  ].mapValues { $0.map { Scalars($0) } }

  /// A year that the language says in hundreds; the words around it keep other numbers of four digits out.
  func year(_ text: Scalars, _ position: Int) -> WrittenValue? {
    // `1920er`
    if language == .german, let number = text.number(at: position), number.end - position == 4,
      (1100...1999).contains(number.value), text.matches(["e", "r"], at: number.end), number.value % 10 == 0
    {
      return WrittenValue(kind: .year(number.value), range: position..<number.end)
    }
    guard let context = Self.yearContext[language], let number = text.number(at: position),
      number.end - position == 4, (1100...1999).contains(number.value), number.value % 100 > 0 || language == .dutch,
      text.endsToken(at: number.end), text.at(number.end) == " " || context.before.contains("tot")
    else { return nil }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    let next = min(number.end + 1, text.count)
    let after = String(Scalars(text[next..<text.end(from: next, limit: 16) { $0.isWord || $0.isMark }]))
    // A German number before a noun counts it; before another word it is a year.
    let isGermanYear = language == .german && after.first?.isLowercase == true && !["euro", "km", "m"].contains(after)
    guard context.before.contains(before) || context.after.contains(after) || isGermanYear else { return nil }
    return WrittenValue(kind: .year(number.value), range: position..<number.end)
  }

  static let yearContext: [Language: (before: Set<String>, after: Set<String>)] = [
    .hindi: ([], ["में", "से", "तक"]),
    .dutch: (["van", "tot", "in", "sinds", "jaar", "na", "voor", "vanaf"], []),
    .german: ([], ["in", "bei", "auf", "als", "wurde", "war"]),
  ]
}
