struct FrenchNumbers: NumberWords {
  private static let small = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
  ]
  private static let tens = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"]
  private static let scale = LongScale(
    stems: LatinScale(
      lows: LatinScale.commonLows, units: LatinScale.commonUnits, tens: LatinScale.commonTens, hundred: "cent"),
    mega: "illion", giga: "illiard")

  let centsSeparator = " et "

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 2 { return Self.belowHundred(number.last(2)) }
    guard let power = Self.scale.headPower(ofDigitCount: number.digitCount) else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard var head = cardinal(quotient) else { return nil }
    let isOne = quotient.digits == [1]
    switch power {
    case 2: head = isOne ? "cent" : head + (remainder.isZero ? " cents" : " cent")
    case 3: head = isOne ? "mille" : Self.withoutPluralS(head, of: quotient) + " mille"
    default:
      // Only a count below 1000 makes the plural; above the last name of the scale the count is larger.
      let isPlural = !isOne && quotient.digitCount <= 3
      head += " " + Self.scale.name(ofPower: power) + (isPlural ? "s" : "")
    }
    guard !remainder.isZero else { return head }
    return cardinal(remainder).map { "\(head) \($0)" }
  }

  private static func belowHundred(_ value: Int) -> String {
    if value < 20 { return small[value] }
    if value == 80 { return "quatre-vingts" }
    if value > 80 { return "quatre-vingt-" + small[value - 80] }
    let base = min(value / 10, 6)
    let rest = value - base * 10
    if rest == 0 { return tens[base] }
    return tens[base] + (rest % 10 == 1 ? " et " : "-") + small[rest]
  }

  /// `quatre-vingts`, `deux cents` before `mille`.
  private static func withoutPluralS(_ words: String, of count: DecimalInteger) -> String {
    let value = count.last(3)
    guard value % 100 == 80 || value % 100 == 0, words.hasSuffix("s") else { return words }
    return String(words.dropLast())
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    if number.digits == [1] { return "premier" }
    guard let words = cardinal(number) else { return nil }
    if words.hasSuffix("cinq") { return words + "uième" }
    if words.hasSuffix("neuf") { return words.dropLast() + "vième" }
    return (words.hasSuffix("e") ? String(words.dropLast()) : words) + "ième"
  }

  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "virgule")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: (NounForms("euro", "euros"), NounForms("centime", "centimes"))
      case .usDollar: (NounForms("dollar", "dollars"), NounForms("cent", "cents"))
      case .poundSterling: (NounForms("livre", "livres"), NounForms("penny", "pence"))
      }
    return amountInUnitsAndCents(number, separator: " et", unit: { unit($0) }, cent: { cent($0) })
  }
}
