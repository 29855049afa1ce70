import SpeechCore

/// Fractions and counted things.
extension ValueRecognizer {
  /// `3/4`, `2 1/2`, `50/50`.
  func fraction(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), text[position] != "0", text.at(position - 1) != "/" else { return nil }
    func part(at start: Int) -> (over: Int, under: Int, end: Int)? {
      guard let over = text.number(at: start), text.at(over.end) == "/", let under = text.number(at: over.end + 1),
        text.endsToken(at: under.end), over.value > 0, over.value <= under.value
      else { return nil }
      return (over.value, under.value, under.end)
    }
    if text.at(first.end) == " ", let part = part(at: first.end + 1), part.under <= 10, part.over < part.under {
      return WrittenValue(
        kind: .fraction(whole: first.value, part.over, part.under), range: position..<part.end)
    }
    guard let part = part(at: position) else { return nil }
    if part.over == part.under {
      let number = WrittenNumber(whole: Scalars(text[position..<first.end]))
      return part.over > 1 ? WrittenValue(kind: .pair(number, number), range: position..<part.end) : nil
    }
    return WrittenValue(kind: .fraction(whole: nil, part.over, part.under), range: position..<part.end)
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
    if counter == "대", text.at(number.end + 1) == " ", let second = text.number(at: number.end + 2) {
      return WrittenValue(
        kind: .score(written, WrittenNumber(whole: Scalars(text[(number.end + 2)..<second.end]))),
        range: position..<second.end)
    }
    guard counter == "번" || counter == "차", text.at(number.end + 1) != "째" else { return nil }
    let noun = text.at(number.end + 1) == " " ? number.end + 2 : number.end + 1
    let isName =
      counter == "차" || text.at(position - 1) == "제" || Self.namesInKorean.contains(text.word(before: position))
      || number.value > 20
      || Self.numberedInKorean.contains { text.matches($0, at: noun) }
    let range = position..<(number.end + 1)
    return WrittenValue(
      kind: isName ? .number(written) : .count(written, counter: "번"), range: isName ? position..<number.end : range)
  }

  /// `4月`, `9時`, `3本`: readings that the dictionary misses.
  private func japaneseCount(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let number = text.number(at: position), text.at(position - 1)?.isASCIIDigit != true,
      text.at(position - 1) != ".", let counter = text.at(number.end), text.at(number.end + 1) != "間" || counter == "分",
      let words = JapaneseNumerals.irregular(number.value, counter, after: text.at(position - 1))
    else { return nil }
    return WrittenValue(kind: .abbreviation(words), range: position..<(number.end + 1))
  }

  private static let namesInKorean: Set<String> = ["정답은", "답은", "문제", "질문", "번호는", "버스", "내선", "지문"]
  private static let numberedInKorean: [Scalars] = [
    "출구", "버스", "문제", "선", "방", "게이트", "채널", "문항", "국도", "타자", "좌석", "선수", "홈", "플랫폼", "후보", "트랙",
    "교향곡", "은", "이다", "으로", "을", "입니다", "이에요", "번호", "질문", "답", "줄", "열", "칸", "카드", "창구", "테이블", "사람",
    "주자", "항목", "과", "와", "이 ", "에서", "까지", "항", "곡", "승강장",
  ].map { Scalars($0) }

  static let counters: [Language: [Scalars]] = [
    .korean: [
      "시간", "시", "살", "명", "개", "마리", "잔", "병", "권", "대", "채", "척", "벌", "통", "달", "그루", "송이", "켤레", "가지", "사람",
    ],
    .chinese: [
      "个", "位", "小时", "点", "只", "条", "张", "本", "次", "辆", "杯", "天", "年", "种", "倍", "间", "家", "斤", "块", "公里", "公斤", "米",
      "元", "周", "件", "份", "台", "部", "套",
    ],
  ].mapValues { $0.map { Scalars($0) } }
}
