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
    let end = text.at(position - 1) == "%" ? position - 1 : position
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
    return ["am", "pm"].contains(text.lowerWord(endingAt: position).suffix(2))
      && text.at(position - 3)?.isASCIIDigit == true
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
    case "+": return isBetweenNumbers || isGlued && startsToken ? .plus : nil
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
      return isBetweenNumbers && isEquation(text, position) ? .times : .by
    case ":" where text.at(position - 1) == " " && text.at(position + 1) == " ":
      return isBetweenNumbers && isEquation(text, position) ? .divided : nil
    case "/" where text.at(position - 1) == " " && text.at(position + 1) == " ":
      return isBetweenNumbers ? .divided : nil
    case "/" where text.at(position - 1)?.isASCIIDigit == true && isGlued: return .slash
    case "<": return before != nil && spacedNext?.isASCIIDigit == true ? .less : nil
    case ">": return before != nil && spacedNext?.isASCIIDigit == true ? .greater : nil
    case "≤": return spacedNext?.isWord == true ? .atMost : nil
    case "≥": return spacedNext?.isWord == true ? .atLeast : nil
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

  /// Whether an equals sign follows the next number.
  private func isEquation(_ text: Scalars, _ position: Int) -> Bool {
    let next = text.end(from: position + 1) { $0 == " " }
    let end = text.end(from: next) { $0.isASCIIDigit || $0 == "." || $0 == "," }
    return text.at(text.end(from: end) { $0 == " " }) == "="
  }
}
