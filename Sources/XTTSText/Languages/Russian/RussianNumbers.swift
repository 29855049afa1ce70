struct RussianNumbers: NumberWords {
  private static let small = [
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
    "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать",
    "девятнадцать",
  ]
  private static let tens = [
    "", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто",
  ]
  private static let hundreds = [
    "", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
  ]
  private static let scale = [
    "тысяч", "миллион", "миллиард", "триллион", "квадриллион", "квинтиллион", "секстиллион", "септиллион",
    "октиллион", "нониллион",
  ]

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    cardinal(number, isFeminine: false)
  }

  private func cardinal(_ number: DecimalInteger, isFeminine: Bool) -> String? {
    if number.isZero { return Self.small[0] }
    let groups = number.groupsOfThree
    guard groups.count <= Self.scale.count + 1 else { return nil }
    var words: [String] = []
    for (index, value) in groups.enumerated() where value > 0 {
      let power = groups.count - 1 - index
      words += Self.group(value, isFeminine: isFeminine || power == 1)
      if power > 0 { words.append(Self.scaleWord(power, count: value)) }
    }
    return words.joined(separator: " ")
  }

  static func group(_ value: Int, isFeminine: Bool) -> [String] {
    var words: [String] = []
    if value >= 100 { words.append(hundreds[value / 100]) }
    let rest = value % 100
    if rest >= 20 { words.append(tens[rest / 10]) }
    switch rest < 20 ? rest : rest % 10 {
    case 0: break
    case 1 where isFeminine: words.append("одна")
    case 2 where isFeminine: words.append("две")
    case let unit: words.append(small[unit])
    }
    return words
  }

  static func scaleWord(_ power: Int, count: Int) -> String {
    let stem = scale[power - 1]
    return power == 1
      ? plural(count, stem + "а", stem + "и", stem) : plural(count, stem, stem + "а", stem + "ов")
  }

  static func plural(_ count: Int, _ one: String, _ few: String, _ many: String) -> String {
    if (11...14).contains(count % 100) { return many }
    switch count % 10 {
    case 1: return one
    case 2...4: return few
    default: return many
    }
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    RussianOrdinals.words(number)
  }

  /// `двенадцать целых пять десятых`.
  func decimal(_ number: PythonFloat) -> String? {
    guard let (whole, fraction) = number.parts else { return nil }
    let units = DecimalInteger(whole.unicodeScalars)
    guard let head = cardinal(units, isFeminine: true),
      let tail = cardinal(DecimalInteger(fraction.unicodeScalars), isFeminine: true),
      let place = RussianOrdinals.fractionPlace(digitCount: fraction.count)
    else { return nil }
    let isOne = fraction.hasSuffix("1") && !fraction.hasSuffix("11")
    let point = Self.plural(units.last(2), "целая", "целых", "целых")
    return "\(head) \(point) \(tail) \(place)\(isOne ? "ая" : "ых")"
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let unit: (String, String, String)
    switch currency {
    case .euro: unit = ("евро", "евро", "евро")
    case .usDollar: unit = ("доллар", "доллара", "долларов")
    case .poundSterling: return nil
    }
    return amountInUnitsAndCents(
      number, separator: ",", unit: { Self.plural($0.last(2), unit.0, unit.1, unit.2) },
      cent: { Self.plural($0, "цент", "цента", "центов") })
  }
}
