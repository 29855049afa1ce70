/// German and Dutch cardinals: units before tens, hundreds and thousands in one word, the long scale above.
struct LongScaleNumerals: Sendable {
  /// 0–19.
  let small: [String]
  let tens: [String]
  /// "One" before hundred and thousand, and as a unit before tens.
  let oneBeforeHundred: String
  let oneBeforeTens: String
  /// The syllable between a unit and the tens.
  let joint: @Sendable (_ unit: String) -> String
  let hundred: String
  let thousand: String
  let scale: LongScale
  /// A power of ten from a million on with its count; nil is one.
  let large: @Sendable (_ count: String?, _ name: String) -> String
  /// Endings of cardinals and what an ordinal has in their place, tried in this order.
  let ordinalEndings: [(ending: String, replacement: String)]

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 2 { return belowHundred(number.last(2)) }
    guard let power = scale.headPower(ofDigitCount: number.digitCount) else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard let count = cardinal(quotient) else { return nil }
    let isOne = quotient.digits == [1]
    var head: String
    switch power {
    case 2: head = (isOne ? oneBeforeHundred : count) + hundred
    case 3: head = (isOne ? oneBeforeHundred : count) + thousand
    default: head = large(isOne ? nil : count, scale.name(ofPower: power))
    }
    guard !remainder.isZero else { return head }
    if power >= 6 { head += " " }
    return cardinal(remainder).map { head + $0 }
  }

  private func belowHundred(_ value: Int) -> String {
    if value < 20 { return small[value] }
    if value % 10 == 0 { return tens[value / 10] }
    let unit = value % 10 == 1 ? oneBeforeTens : small[value % 10]
    return unit + joint(unit) + tens[value / 10]
  }

  /// A cardinal with its ending replaced by the ordinal's stem.
  func ordinalStem(of words: String) -> String {
    guard let (ending, replacement) = ordinalEndings.first(where: { words.hasSuffix($0.ending) }) else { return words }
    return words.dropLast(ending.count) + replacement
  }
}
