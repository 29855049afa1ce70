import SpeechCore

/// Roman numerals in the languages without longer rules for them.
extension ValueRecognizer {
  /// `Jan III`, `Karel IV.`, `XX век`, `XIV. Louis`, `Elisabetta II`, `II世`.
  func roman(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let end = text.end(from: position) { $0.value &- 0x41 < 26 }
    guard let context = Self.romanContext[language], let value = RomanNumeralRule.value(text[position..<end]),
      value <= 30, text.at(position - 1)?.joinsDigits != true, text.at(end)?.joinsDigits != true
    else { return nil }
    let number = WrittenNumber(whole: Scalars(String(value)))
    func ordinal(_ form: OrdinalForm, end: Int) -> WrittenValue {
      WrittenValue(kind: .ordinal(number, form), range: position..<end)
    }
    if let mark = text.at(end), mark == "世" || mark == "세" {
      return WrittenValue(kind: .number(number), range: position..<end)
    }
    let hasPoint = text.at(end) == "."
    // One letter and a full stop may be a first name.
    if context.needsPoint, end - position == 1, text[position] != "I" { return nil }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    if Self.partWords.contains(before) { return WrittenValue(kind: .number(number), range: position..<end) }
    if context.needsPoint { return hasPoint && text.at(end + 1) == " " ? ordinal(.nominative, end: end + 1) : nil }
    let next = String(Scalars(text[min(end + 1, text.count)..<text.wordEnd(from: min(end + 1, text.count))]))
    if let form = context.centuries[next] {
      let isIn = before == "w" || before == "в" || before == "na"
      return ordinal(isIn && form != .nominative || isIn && next.count == 1 ? .locative : form, end: end)
    }
    guard context.followsNames,
      end - position > 1 || text[position] != "C" && text[position] != "L" && text[position] != "X",
      isName(text, before: position)
    else { return nil }
    let isFeminine = before.hasSuffix("a") && !before.hasSuffix("ola") || before.hasSuffix("а") || before == "isabel"
    return ordinal(
      isFeminine ? .nominativeFeminine : .nominative,
      end: hasPoint && language == .czech && text.at(end + 1) == " " ? end + 1 : end)
  }

  private func isName(_ text: Scalars, before position: Int) -> Bool {
    guard text.at(position - 1) == " " else { return false }
    var start = position - 1
    while let letter = text.at(start - 1), letter.isWord { start -= 1 }
    guard position - 1 - start >= 3 else { return false }
    return text[start].properties.isUppercase && text[(start + 1)..<(position - 1)].allSatisfy(\.properties.isLowercase)
  }

  /// Parts of books, which are counted.
  private static let partWords: Set<String> = [
    "hoofdstuk", "deel", "boek", "kapitola", "díl", "část", "kniha", "bölüm", "cilt", "kısım", "глава", "том", "часть",
    "книга", "tom", "część", "fejezet", "kötet", "rész",
  ]

  private struct RomanContext {
    var needsPoint = false
    var followsNames = false
    var centuries: [String: OrdinalForm] = [:]
  }

  private static let romanContext: [Language: RomanContext] = [
    .polish: RomanContext(followsNames: true, centuries: ["w": .nominative, "wiek": .nominative, "wieku": .genitive]),
    .russian: RomanContext(
      followsNames: true,
      centuries: ["век": .nominative, "века": .genitive, "веке": .locative, "в": .nominative, "вв": .genitivePlural]),
    .czech: RomanContext(followsNames: true, centuries: ["století": .nominative]),
    .dutch: RomanContext(followsNames: true, centuries: ["eeuw": .nominative]),
    .turkish: RomanContext(needsPoint: true), .hungarian: RomanContext(needsPoint: true),
    .italian: RomanContext(centuries: ["secolo": .nominative]), .hindi: RomanContext(followsNames: true),
    .chinese: RomanContext(), .japanese: RomanContext(), .korean: RomanContext(),
  ]
}
