import SpeechCore

/// Signs between and before numbers.
extension ValueRecognizer {
  func sign(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let sign = signKind(text, position) else { return nil }
    return WrittenValue(kind: .sign(sign), range: position..<(position + 1))
  }

  /// A dash between two numbers that rise, or between two times.
  func isRange(_ text: Scalars, _ position: Int) -> Bool {
    guard "-–~〜～−".unicodeScalars.contains(text[position]), let next = text.number(at: position + 1),
      text[position + 1] != "0" || next.value == 0
    else { return false }
    // `1939年〜1945年`
    let isCounted =
      [.chinese, .japanese, .korean].contains(language)
      && text.at(position - 1).map { "年月日時点分人個円元天년월일시분명개원".unicodeScalars.contains($0) } == true
    // `9h-17h`
    let isHour = text.at(position - 1) == "h" && [.french, .portuguese, .spanish].contains(language)
    let end = text.at(position - 1) == "%" || isCounted || isHour ? position - 1 : position
    var start = end
    while end - start < 9, text.at(start - 1)?.isASCIIDigit == true { start -= 1 }
    guard start < end, let previous = text.number(at: start) else { return false }
    if text.at(start - 1) == ":", text.at(next.end) == ":" { return true }
    if let mark = text.at(start - 1), mark == "#" || mark == "№" { return false }
    let isAlone = text.at(start - 1)?.joinsDigits != true && !"-./,:".unicodeScalars.contains(text.at(start - 1) ?? " ")
    return isAlone && previous.value < next.value && text[start] != "0" && text.at(next.end) != "-"
      && text.at(text.end(from: next.end) { $0 == " " }) != "="
  }

  /// `9am-5pm`.
  func isHourRange(_ text: Scalars, _ position: Int) -> Bool {
    guard language == .english, text[position] == "-" || text[position] == "–", isGlued(text, position) else {
      return false
    }
    // `7 a.m.-9 p.m.`
    if text.matches(Scalars(".m."), at: position - 3) { return true }
    return ["am", "pm"].contains(text.lowerWord(endingAt: position).suffix(2))
      && (text.at(position - 3)?.isASCIIDigit == true || text.at(position - 4)?.isASCIIDigit == true)
  }

  func isGlued(_ text: Scalars, _ position: Int) -> Bool { text.at(position + 1)?.isASCIIDigit == true }

  func signKind(_ text: Scalars, _ position: Int) -> SpokenSigns.Sign? {
    let before = position == 0 ? nil : text.at(text.lastNonSpace(before: position))
    let spacedNext = text.at(text.end(from: position + 1) { $0 == " " })
    let isBetweenNumbers = before?.isASCIIDigit == true && spacedNext?.isASCIIDigit == true
    let isGlued = isGlued(text, position)
    let startsToken = position == 0 || text.at(position - 1)?.joinsDigits != true
    if isRange(text, position) || isHourRange(text, position) { return .range }
    switch text[position] {
    case "+":
      let isSpaced = text.at(position - 1) == " " && text.at(position + 1) == " " && spacedNext?.isWord == true
      let endsWord = text.at(position - 1)?.isWord == true || text.at(position - 1) == "+"
      let isLast = endsWord && text.at(position + 1)?.isWord != true
      return isBetweenNumbers || isGlued && startsToken || isSpaced && before != nil || isLast ? .plus : nil
    case "x", "X", "х": return isProduct(text, position) ? product(text, position) : nil
    case "^":
      guard text.at(position - 1)?.isWord == true, let next = text.at(position + 1), next == "2" || next == "3",
        text.at(position + 2)?.isASCIIDigit != true
      else { return nil }
      return next == "2" ? .squared : .cubed
    case "-", "−", "–":
      if isBetweenNumbers {
        let next = text.end(from: text.end(from: position + 1) { $0 == " " }, while: \.isASCIIDigit)
        if text.at(text.end(from: next) { $0 == " " }) == "=" { return .minus }
        return text.at(position - 1) == " " && isGlued ? .minus : nil
      }
      return isGlued && startsToken && text[position] != "–" && text.at(position - 1)?.isASCIIDigit != true
        ? .minus : nil
    case "=": return before != nil && spacedNext?.isWord == true ? .equals : nil
    case "×":
      guard before != nil, spacedNext?.isASCIIDigit == true else { return nil }
      return product(text, position)
    case ":" where text.at(position - 1) == " " && text.at(position + 1) == " ":
      return isBetweenNumbers && isEquation(text, position) ? .divided : nil
    case "/" where text.at(position - 1) == " " && text.at(position + 1) == " ":
      return isBetweenNumbers ? .divided : nil
    case "/" where text.at(position - 1)?.isASCIIDigit == true && isGlued: return .slash
    case "<": return before != nil && spacedNext?.isASCIIDigit == true ? .less : nil
    case ">": return before != nil && spacedNext?.isASCIIDigit == true ? .greater : nil
    case "≤": return spacedNext?.isWord == true ? .atMost : nil
    case "≥": return spacedNext?.isWord == true ? .atLeast : nil
    case "≠": return spacedNext?.isWord == true ? .differs : nil
    case "≈": return spacedNext?.isWord == true ? .about : nil
    case "±": return spacedNext?.isASCIIDigit == true ? .plusMinus : nil
    case "√": return spacedNext?.isWord == true ? .root : nil
    case "²": return text.at(position - 1)?.isWord == true && text.at(position + 1)?.isWord != true ? .squared : nil
    case "³": return text.at(position - 1)?.isWord == true && text.at(position + 1)?.isWord != true ? .cubed : nil
    case "÷": return isBetweenNumbers ? .divided : nil
    case "#", "№": return spacedNext?.isASCIIDigit == true ? .number : nil
    case "@": return text.at(position + 1)?.isWord == true && startsToken ? .at : nil
    case "&": return before != nil && spacedNext != nil ? .and : nil
    default: return nil
    }
  }

  /// `3 x 4`, `1920x1080`, `3 cm x 5 cm`.
  private func isProduct(_ text: Scalars, _ position: Int) -> Bool {
    let next = text.end(from: position + 1) { $0 == " " }
    guard text.at(next)?.isASCIIDigit == true, let before = text.at(position - 1) else { return false }
    if before.isASCIIDigit { return next == position + 1 }
    guard before == " ", next == position + 2 else { return false }
    let last = text.lastNonSpace(before: position)
    if text[max(last, 0)].isASCIIDigit { return true }
    let unit = text.lowerWord(endingAt: last + 1).unicodeScalars.count
    let number = text.lastNonSpace(before: last + 1 - unit)
    return (1...2).contains(unit) && number >= 0 && text[number].isASCIIDigit
  }

  /// `3 × 4 = 12`, `6 × 10²³`, `2 × 3 m`; `3x1` is a score in Portuguese.
  private func product(_ text: Scalars, _ position: Int) -> SpokenSigns.Sign {
    let end = text.end(from: text.end(from: position + 1) { $0 == " " }, while: \.isASCIIDigit)
    if isEquation(text, position) || exponent(text, end) != nil { return .times }
    let isScore = language == .portuguese && text.at(position - 1)?.isASCIIDigit == true && end - position <= 3
    return isScore ? .ratio : .by
  }

  /// Whether an equals sign follows the next number.
  private func isEquation(_ text: Scalars, _ position: Int) -> Bool {
    let next = text.end(from: position + 1) { $0 == " " }
    let end = text.end(from: next) { $0.isASCIIDigit || $0 == "." || $0 == "," }
    return text.at(text.end(from: end) { $0 == " " }) == "="
  }
}
