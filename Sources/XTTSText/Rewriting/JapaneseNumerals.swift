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

  /// Numbers with a counter that changes their sound.
  static func irregular(_ value: Int, _ counter: Unicode.Scalar) -> String? {
    switch (value, counter) {
    case (4, "月"): "しがつ"
    case (7, "月"): "しちがつ"
    case (9, "月"): "くがつ"
    case (4, "時"): "よじ"
    case (7, "時"): "しちじ"
    case (9, "時"): "くじ"
    case (19, "時"): "じゅうくじ"
    case (1, "匹"): "いっぴき"
    case (3, "匹"): "さんびき"
    case (6, "匹"): "ろっぴき"
    case (8, "匹"): "はっぴき"
    case (1, "杯"): "いっぱい"
    case (3, "杯"): "さんばい"
    case (6, "杯"): "ろっぱい"
    case (8, "杯"): "はっぱい"
    case (3, "階"): "さんがい"
    case (14, "日"): "じゅうよっか"
    case (24, "日"): "にじゅうよっか"
    default: nil
    }
  }
}
