import SpeechCore

/// A number as it is written, with its grouping taken out.
struct WrittenNumber: Equatable, Sendable {
  /// ASCII digits.
  var whole: Scalars
  /// ASCII digits after the decimal mark; may be empty.
  var fraction: Scalars = []

  /// `$1,500`: three digits after a mark in an amount of money are a group.
  mutating func groupThousands() {
    guard fraction.count == 3, whole.count <= 3, whole != ["0"] else { return }
    (whole, fraction) = (whole + fraction, [])
  }

  /// A number of several digits that starts with 0 is a code.
  var isCode: Bool { fraction.isEmpty && whole.count > 1 && whole[0] == "0" }

  /// As upstream's rules read it: no grouping, the decimal mark of the language.
  func plain(_ language: Language) -> String {
    fraction.isEmpty ? String(whole) : String(whole) + String(Character(language.decimalMark)) + String(fraction)
  }

  /// The number that starts at `start`, and its end: `1,234.5`, `1.234,5`, `1 250 000`, `8'700'000`, `1,50,000`.
  static func read(_ text: Scalars, at start: Int, language: Language) -> (number: WrittenNumber, end: Int)? {
    let first = text.end(from: start, while: \.isASCIIDigit)
    guard first > start else { return nil }
    var whole = Scalars(text[start..<first])
    var end = first
    if let groups = groups(text, from: start, first: first, language: language) {
      whole += groups.digits
      end = groups.end
    }
    guard let mark = text.at(end), mark == "." || mark == ",", text.at(end + 1)?.isASCIIDigit == true else {
      return (WrittenNumber(whole: whole), end)
    }
    let fractionEnd = text.end(from: end + 1, while: \.isASCIIDigit)
    // Another mark with digits after it: a date, a version, an address.
    if let next = text.at(fractionEnd), next == "." || next == ",", text.at(fractionEnd + 1)?.isASCIIDigit == true {
      return nil
    }
    return (WrittenNumber(whole: whole, fraction: Scalars(text[(end + 1)..<fractionEnd])), fractionEnd)
  }

  private static func groups(
    _ text: Scalars, from start: Int, first: Int, language: Language
  ) -> (digits: Scalars, end: Int)? {
    guard first - start <= 3, text[start] != "0", let mark = text.at(first), ".,' ’٬".unicodeScalars.contains(mark)
    else { return nil }
    var digits = Scalars()
    var lengths: [Int] = []
    var end = first
    // A row of short numbers must not be searched from each of them to its end.
    while text.at(end) == mark, lengths.count < 12 {
      let next = text.end(from: end + 1, while: \.isASCIIDigit)
      let length = next - end - 1
      guard length == 3 || length == 2 && mark == "," else { break }
      digits += text[(end + 1)..<next]
      lengths.append(length)
      end = next
    }
    guard lengths.last == 3, lengths.allSatisfy({ $0 == 3 }) || lengths.dropLast().allSatisfy({ $0 == 2 }) else {
      return nil
    }
    if text.at(end)?.joinsDigits == true, text.at(end)?.isASCIIDigit == true { return nil }
    switch mark {
    case " ":
      // A row of numbers, such as a phone number.
      if text.at(end) == " ", text.at(end + 1)?.isASCIIDigit == true { return nil }
      if text.at(start - 1) == " ", text.at(start - 2)?.isASCIIDigit == true { return nil }
      return (digits, end)
    case ".", ",":
      // One group after the decimal mark of the language is a fraction; two are groups everywhere, and so is one before
      // the other mark (`1,250.50`) and one of zeros (`1,000`).
      let other = mark == "." ? "," : "." as Unicode.Scalar
      let hasFraction = text.at(end) == other && text.at(end + 1)?.isASCIIDigit == true
      let isThousand = language.decimalMark == "," && digits == ["0", "0", "0"]
      return lengths.count == 1 && mark == language.decimalMark && !hasFraction && !isThousand ? nil : (digits, end)
    default: return (digits, end)
    }
  }
}

extension Language {
  var decimalMark: Unicode.Scalar {
    switch self {
    case .english, .chinese, .japanese, .korean, .hindi, .arabic: "."
    default: ","
    }
  }
}
