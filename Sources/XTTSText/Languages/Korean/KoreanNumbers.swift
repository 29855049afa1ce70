import Foundation

/// Sino-Korean cardinals; ordinals end in a native Korean numeral.
struct KoreanNumbers: NumberWords {
  private static let digits = ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]
  private static let places = ["", "십", "백", "천"]
  /// By power of ten thousand.
  private static let scale = [
    "", "만", "억", "조", "경", "해", "자", "양", "구", "간", "정", "재", "극", "항하사", "아승기", "나유타", "불가사의",
    "무량대수",
  ]
  private static let nativeOnes = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
  private static let nativeTens = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
  private static let maximumDigits = 71

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    guard number.digitCount <= Self.maximumDigits else { return nil }
    if number.isZero { return Self.digits[0] }
    var parts: [String] = []
    for (power, value) in Self.groupsOfFour(number).enumerated().reversed() where value > 0 {
      // `만` for 10 000 at the start of a number, `일억` for 100 000 000.
      let isBareTenThousand = power == 1 && value == 1
      parts.append((isBareTenThousand ? "" : Self.group(value)) + Self.scale[power])
    }
    return parts.joined(separator: " ")
  }

  /// `스무`, `스물한`: native words before a counter, 1 to 99.
  static func native(_ value: Int) -> String? {
    guard (1...99).contains(value) else { return nil }
    return value == 20 ? "스무" : nativeTens[value / 10] + nativeOnes[value % 10]
  }

  /// Lowest first; the highest takes all digits above the last scale word.
  private static func groupsOfFour(_ number: DecimalInteger) -> [Int] {
    var groups: [Int] = []
    var rest = number
    while !rest.isZero, groups.count < scale.count {
      groups.append(rest.last(4))
      rest = rest.divided(byPowerOfTen: 4).quotient
    }
    return groups
  }

  private static func group(_ value: Int) -> String {
    [3, 2, 1, 0].map { place in
      let digit = [1, 10, 100, 1000].map { value / $0 % 10 }[place]
      if digit == 0 { return "" }
      return (digit == 1 && place > 0 ? "" : digits[digit]) + places[place]
    }.joined()
  }

  /// `첫 번째`, `스물한 번째`: native words for the tens and units, Sino-Korean ones before them.
  func ordinal(_ number: DecimalInteger) -> String? {
    if number.digits == [1] { return "첫 번째" }
    guard let words = cardinal(number) else { return nil }
    if let replaced = Self.nativeEnding(of: words) { return replaced + " 번째" }
    let rest = number.last(2)
    if rest == 0 { return words + " 번째" }
    let stem = words.dropLast(Self.group(rest).count)
    return stem + Self.nativeTens[rest / 10] + Self.nativeOnes[rest % 10] + " 번째"
  }

  /// num2words' rule, which looks at the letters: the part after the last hundred must be a ten, a unit or both. It also
  /// puts a space after the hundred and takes the ten of `십억` for one. Nil where it has no answer.
  private static func nativeEnding(of words: String) -> String? {
    let head = words.lastIndex(of: " ").map { words[...$0] } ?? ""
    var parts = words.dropFirst(head.count).components(separatedBy: "백")
    let last = parts.removeLast()
    let tens = last.components(separatedBy: "십")
    var native: String
    if tens.count == 2 {
      guard let ten = digits.firstIndex(of: tens[0]) ?? (tens[0].isEmpty ? 1 : nil), ten != 1 || tens[0].isEmpty else {
        return nil
      }
      native = nativeTens[ten] + (digits.firstIndex(of: tens[1]).map { nativeOnes[$0] } ?? tens[1])
    } else {
      guard let unit = digits.firstIndex(of: last) else { return nil }
      native = nativeOnes[unit]
    }
    return head + (parts + [native]).joined(separator: "백 ")
  }

  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "점", groupDigits: 4)
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    guard currency == .usDollar else { return nil }
    let (units, hundredths) = number.unitsAndHundredths
    guard units.digitCount <= 26, let unitWords = cardinal(units),
      let centWords = cardinal(DecimalInteger(hundredths))
    else { return nil }
    return unitWords.replacing(" ", with: "") + "달러 " + centWords + "센트"
  }
}
