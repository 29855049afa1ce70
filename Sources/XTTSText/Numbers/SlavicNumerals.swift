/// Cardinals built group by group with a counted noun for each thousand power: Polish and Czech share the rule.
struct SlavicNumerals: Sendable {
  /// 0–19.
  let small: [String]
  let tens: [String]
  let hundreds: [String]
  /// One, few and many of 10³, 10⁶ …
  let scale: [(one: String, few: String, many: String)]

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.isZero { return small[0] }
    let groups = number.groupsOfThree
    guard groups.count <= scale.count + 1 else { return nil }
    var words: [String] = []
    for (index, value) in groups.enumerated() where value > 0 {
      let power = groups.count - 1 - index
      if value >= 100 { words.append(hundreds[value / 100]) }
      let rest = value % 100
      if rest >= 20 { words.append(tens[rest / 10]) }
      let unit = rest < 20 ? rest : rest % 10
      // "A thousand", not "one thousand".
      if unit > 0, !(power > 0 && value == 1) { words.append(small[unit]) }
      if power > 0 {
        let forms = scale[power - 1]
        words.append(Self.plural(value, forms.one, forms.few, forms.many))
      }
    }
    return words.joined(separator: " ")
  }

  /// The whole part, the word for the point, then the digits after it as one number, leading zeros said.
  func decimal(_ number: PythonFloat, point: String) -> String? {
    guard let (whole, fraction) = number.parts, let head = cardinal(DecimalInteger(whole.unicodeScalars)),
      let tail = cardinal(DecimalInteger(fraction.unicodeScalars))
    else { return nil }
    let zeros = fraction.prefix { $0 == "0" }.map { _ in small[0] }
    return ([head, point] + zeros + [tail]).joined(separator: " ")
  }

  static func plural(_ count: Int, _ one: String, _ few: String, _ many: String) -> String {
    if count == 1 { return one }
    let isFew = (2...4).contains(count % 10) && !(10...20).contains(count % 100)
    return isFew ? few : many
  }

  static func plural(_ count: DecimalInteger, _ one: String, _ few: String, _ many: String) -> String {
    count.digitCount > 2 ? plural(100 + count.last(2), one, few, many) : plural(count.last(2), one, few, many)
  }
}
