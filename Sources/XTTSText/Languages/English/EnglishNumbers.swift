struct EnglishNumbers: NumberWords {
  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]
  private static let tens = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]
  private static let scale = LatinScale(
    lows: LatinScale.commonLows, units: LatinScale.commonUnits, tens: LatinScale.commonTens, hundred: "cent")
  private static let irregularOrdinals = [
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
  ]
  private static let units: [Currency: NounForms] = [
    .usDollar: NounForms("dollar", "dollars"), .euro: NounForms("euro", "euro"),
    .poundSterling: NounForms("pound sterling", "pounds sterling"),
  ]

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    let power = number.digitCount - 1
    if power < 2 { return Self.belowHundred(number.last(2)) }
    let scalePower = power < 3 ? 2 : power / 3 * 3
    guard let name = Self.name(ofPower: scalePower) else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: scalePower)
    guard let head = cardinal(quotient) else { return nil }
    guard !remainder.isZero else { return "\(head) \(name)" }
    guard let tail = cardinal(remainder) else { return nil }
    return "\(head) \(name)" + (remainder.digitCount <= 2 ? " and " : ", ") + tail
  }

  private static func belowHundred(_ value: Int) -> String {
    if value < 20 { return small[value] }
    return value % 10 == 0 ? tens[value / 10] : "\(tens[value / 10])-\(small[value % 10])"
  }

  private static func name(ofPower power: Int) -> String? {
    switch power {
    case 2: return "hundred"
    case 3: return "thousand"
    default:
      let index = power / 3 - 2
      return index < scale.count ? scale[index] + "illion" : nil
    }
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    guard let words = cardinal(number) else { return nil }
    let stemEnd = words.lastIndex { $0 == " " || $0 == "-" }.map(words.index(after:)) ?? words.startIndex
    let last = String(words[stemEnd...])
    let ordinal = Self.irregularOrdinals[last] ?? (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th")
    return words[..<stemEnd] + ordinal
  }

  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "point")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    guard let unit = Self.units[currency] else { return nil }
    let cent = currency == .poundSterling ? NounForms("penny", "pence") : NounForms("cent", "cents")
    return amountInUnitsAndCents(number, separator: ",", unit: { unit($0) }, cent: { cent($0) })
  }
}
