/// Russian ordinals in the masculine nominative, and the stems decimals need.
enum RussianOrdinals {
  private static let small = [
    "нулевой", "первый", "второй", "третий", "четвёртый", "пятый", "шестой", "седьмой", "восьмой", "девятый",
    "десятый", "одиннадцатый", "двенадцатый", "тринадцатый", "четырнадцатый", "пятнадцатый", "шестнадцатый",
    "семнадцатый", "восемнадцатый", "девятнадцатый",
  ]
  private static let tens = [
    "", "", "двадцатый", "тридцатый", "сороковой", "пятидесятый", "шестидесятый", "семидесятый", "восьмидесятый",
    "девяностый",
  ]
  private static let hundreds = [
    "", "сотый", "двухсотый", "трёхсотый", "четырёхсотый", "пятисотый", "шестисотый", "семисотый", "восьмисотый",
    "девятисотый",
  ]
  // In one word with a power (`двухтысячный`) the count stands in the genitive.
  private static let joinedSmall = [
    "", "одно", "двух", "трёх", "четырёх", "пяти", "шести", "семи", "восьми", "девяти", "десяти", "одиннадцати",
    "двенадцати", "тринадцати", "четырнадцати", "пятнадцати", "шестнадцати", "семнадцати", "восемнадцати",
    "девятнадцати",
  ]
  private static let joinedTens = [
    "", "", "двадцати", "тридцати", "сорока", "пятидесяти", "шестидесяти", "семидесяти", "восьмидесяти", "девяносто",
  ]
  private static let joinedHundreds = [
    "", "сто", "двухсот", "трёхсот", "четырёхсот", "пятисот", "шестисот", "семисот", "восьмисот", "девятисот",
  ]
  private static let powerStems = [
    "", "тысячн", "миллионн", "миллиардн", "триллионн", "квадриллионн", "квинтиллионн", "секстиллионн",
    "септиллионн", "октиллионн", "нониллионн",
  ]

  static func words(_ number: DecimalInteger) -> String? {
    if number.isZero { return small[0] }
    let groups = number.groupsOfThree
    guard groups.count <= powerStems.count else { return nil }
    let lastNonZero = groups.lastIndex { $0 > 0 } ?? 0
    var words: [String] = []
    for (index, value) in groups.enumerated() where value > 0 {
      let power = groups.count - 1 - index
      if index == lastNonZero, power > 0 {
        words.append(joined(value) + powerStems[power] + "ый")
      } else {
        words += group(value, power: power)
        if power > 0 { words.append(RussianNumbers.scaleWord(power, count: value)) }
      }
    }
    return words.joined(separator: " ")
  }

  /// One group as num2words says it inside an ordinal: round numbers become ordinals even in front of a power.
  private static func group(_ value: Int, power: Int) -> [String] {
    if power > 0, value == 1 { return [] }
    let (hundred, rest) = (value / 100, value % 100)
    var words: [String] = []
    if hundred > 0 {
      words += rest == 0 ? [hundreds[hundred]] : RussianNumbers.group(hundred * 100, isFeminine: false)
    }
    if (10...19).contains(rest) { return words + [small[rest]] }
    if rest >= 20 {
      words += rest % 10 == 0 ? [tens[rest / 10]] : RussianNumbers.group(rest / 10 * 10, isFeminine: false)
    }
    let unit = rest % 10
    guard unit > 0 else { return words }
    return words + (power == 0 ? [small[unit]] : RussianNumbers.group(unit, isFeminine: power == 1))
  }

  static func joined(_ value: Int) -> String {
    guard value > 1 else { return "" }
    let rest = value % 100
    let head = joinedHundreds[value / 100]
    return rest < 20 ? head + joinedSmall[rest] : head + joinedTens[rest / 10] + joinedSmall[rest % 10]
  }

  /// `десят`, `сот`, `десятитысячн` … without their ending; nil for places that have no name.
  static func fractionPlace(digitCount: Int) -> String? {
    let power = digitCount / 3
    guard digitCount > 0, power < powerStems.count else { return nil }
    switch digitCount % 3 {
    case 0: return powerStems[power]
    case 1: return power == 0 ? "десят" : "десяти" + powerStems[power]
    default: return power == 0 ? "сот" : "сто" + powerStems[power]
    }
  }
}
