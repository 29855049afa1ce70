/// Japanese numbers in Chinese characters, which the dictionary reads with their counters.
enum JapaneseNumerals {
  static let digits = ["ゼロ", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
  private static let places = ["", "十", "百", "千"]
  private static let scale = ["", "万", "億", "兆", "京"]

  static func cardinal(_ number: DecimalInteger) -> String? {
    guard !number.isZero else { return digits[0] }
    guard number.digitCount <= scale.count * 4 else { return nil }
    var words = ""
    for (index, digit) in number.digits.enumerated() {
      let place = number.digitCount - index - 1
      if digit > 0 { words += (digit == 1 && place % 4 > 0 ? "" : digits[Int(digit)]) + places[place % 4] }
      let group = number.divided(byPowerOfTen: place).quotient.last(4)
      if place % 4 == 0, group > 0 { words += scale[place / 4] }
    }
    return words
  }

  /// Numbers with a counter that changes their sound; nil where the dictionary reads it right.
  /// - Parameter before: the character before the number: `4月1日` is a date, `1日` a duration.
  static func irregular(_ value: Int, _ counter: Unicode.Scalar, after before: Unicode.Scalar? = nil) -> String? {
    if counter == "日", value == 1 { return before == "月" ? "ついたち" : nil }
    if let forms = whole[counter]?[value] { return forms }
    guard let sounds = sounds[counter], (1..<100).contains(value) else { return nil }
    let (tens, unit) = (value / 10, value % 10)
    let head = tens == 0 ? "" : (tens == 1 ? "" : tensWords[tens]) + (unit == 0 ? "ju" : "juu")
    switch unit {
    case 0: return " \(head)\(sounds.double) "
    case 1: return " \(head)i\(sounds.double) "
    case 6 where sounds.doublesSix: return " \(head)ro\(sounds.double) "
    case 8: return " \(head)ha\(sounds.double) "
    case 3 where !sounds.three.isEmpty: return " \(head)san\(sounds.three) "
    default: return nil
    }
  }

  private static let tensWords = ["", "", "ni", "san", "yon", "go", "roku", "nana", "hachi", "kyuu"]

  /// A counter after a number that ends in 1, 6, 8 or 0, and after 3 where it changes. In Latin letters, which the
  /// dictionary does not cut into other words.
  private struct Sounds {
    var double: String
    var three = ""
    var doublesSix = true
  }

  private static let sounds: [Unicode.Scalar: Sounds] = [
    "本": Sounds(double: "ppon", three: "bon"), "匹": Sounds(double: "ppiki", three: "biki"),
    "杯": Sounds(double: "ppai", three: "bai"), "分": Sounds(double: "ppun", three: "pun"),
    "階": Sounds(double: "kkai", three: "gai"), "回": Sounds(double: "kkai"), "個": Sounds(double: "kko"),
    "冊": Sounds(double: "ssatsu", doublesSix: false), "歳": Sounds(double: "ssai", doublesSix: false),
    "才": Sounds(double: "ssai", doublesSix: false),
  ]

  private static let whole: [Unicode.Scalar: [Int: String]] = [
    "月": [4: "しがつ", 7: "しちがつ", 9: "くがつ"],
    "時": [4: "よじ", 7: "しちじ", 9: "くじ", 14: "じゅうよじ", 19: "じゅうくじ"],
    "日": [2: " futsuka ", 14: " juuyokka ", 24: " nijuuyokka "], "分": [4: " yonpun ", 14: " juuyonpun "],
    "歳": [20: "はたち"], "番": [110: " hyakutooban "],
  ]
}
