struct HungarianNumbers: NumberWords {
  private static let units = ["", "egy", "kettő", "három", "négy", "öt", "hat", "hét", "nyolc", "kilenc"]
  private static let tens = [
    "", "tíz", "húsz", "harminc", "negyven", "ötven", "hatvan", "hetven", "nyolcvan", "kilencven",
  ]
  private static let scale = LongScale(
    stems: LatinScale(
      lows: LatinScale.commonLows, units: LatinScale.commonUnits, tens: LatinScale.commonTens, hundred: "cent"),
    mega: "illió", giga: "illiárd")
  /// Endings of cardinals and what an ordinal has in their place, tried in this order.
  private static let ordinalEndings = [
    ("nulla", "nullad"), ("egy", "egyed"), ("kettő", "ketted"), ("három", "harmad"), ("négy", "negyed"),
    ("öt", "ötöd"), ("hat", "hatod"), ("hét", "heted"), ("nyolc", "nyolcad"), ("kilenc", "kilenced"),
    ("tíz", "tized"), ("húsz", "huszad"), ("harminc", "harmincad"), ("negyven", "negyvened"), ("ötven", "ötvened"),
    ("hatvan", "hatvanad"), ("hetven", "hetvened"), ("nyolcvan", "nyolcvanad"), ("kilencven", "kilencvened"),
    ("száz", "század"), ("ezer", "ezred"), ("illió", "milliomod"), ("illiárd", "milliárdod"),
  ]
  private static let fractionPlaces = ["", "tized", "század", "ezred"]

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    number.isZero ? "nulla" : words(number, isPart: false)
  }

  /// - Parameter isPart: whether the number is part of a longer one; then two is `két` and zero is silent.
  private func words(_ number: DecimalInteger, isPart: Bool) -> String? {
    if number.isZero { return isPart ? "" : "nulla" }
    if number.digitCount <= 2 { return Self.belowHundred(number.last(2), isPart: isPart) }
    guard let power = Self.scale.headPower(ofDigitCount: number.digitCount) else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard let count = words(quotient, isPart: true), let rest = words(remainder, isPart: true) else { return nil }
    let isOne = quotient.digits == [1]
    switch power {
    case 2: return (isOne ? "" : count) + "száz" + rest
    case 3:
      // A hyphen above two thousand.
      let isJoined = isOne || number.digits == [2, 0, 0, 0] || rest.isEmpty
      return (isOne ? "" : count) + "ezer" + (isJoined ? "" : "-") + rest
    default: return count + Self.scale.name(ofPower: power) + (rest.isEmpty ? "" : "-" + rest)
    }
  }

  private static func belowHundred(_ value: Int, isPart: Bool) -> String {
    if value == 2, isPart { return "két" }
    if value < 10 { return units[value] }
    if value % 10 == 0 { return tens[value / 10] }
    let ten = value < 20 ? "tizen" : value < 30 ? "huszon" : tens[value / 10]
    return ten + units[value % 10]
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    if number.digits == [1] { return "első" }
    if number.digits == [2] { return "második" }
    guard let words = cardinal(number) else { return nil }
    guard let (ending, replacement) = Self.ordinalEndings.first(where: { words.hasSuffix($0.0) }) else {
      return words + "ik"
    }
    return words.dropLast(ending.count) + replacement + "ik"
  }

  /// num2words names tenths to thousandths; longer fractions make upstream fail and are read digit by digit here.
  func decimal(_ number: PythonFloat) -> String? {
    if number.isWhole { return cardinal(DecimalInteger(exactly: number.value)) }
    guard let (whole, fraction) = number.parts, let head = cardinal(DecimalInteger(whole.unicodeScalars)) else {
      return nil
    }
    guard fraction.count < Self.fractionPlaces.count else { return decimalByDigits(number, point: "egész") }
    return cardinal(DecimalInteger(fraction.unicodeScalars)).map {
      "\(head) egész \($0) \(Self.fractionPlaces[fraction.count])"
    }
  }

  /// num2words has no Hungarian names for these and says the English ones.
  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: (NounForms("euro", "euro"), NounForms("cent", "cents"))
      case .usDollar: (NounForms("dollar", "dollars"), NounForms("cent", "cents"))
      case .poundSterling: (NounForms("pound sterling", "pounds sterling"), NounForms("penny", "pence"))
      }
    return amountInUnitsAndCents(number, separator: ",", unit: { unit($0) }, cent: { cent($0) })
  }
}
