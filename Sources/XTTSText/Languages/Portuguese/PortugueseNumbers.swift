struct PortugueseNumbers: NumberWords {
  private static let small = [
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "catorze", "quinze", "dezasseis", "dezassete", "dezoito", "dezanove",
  ]
  private static let tens = [
    "", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa",
  ]
  private static let hundreds = [
    "", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
    "novecentos",
  ]
  private static let scale = LongScale(stems: LatinScale(lows: ["m", "b", "tr", "quatr"]), mega: "ilião", giga: nil)
  private static let ordinals = [
    ["", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono"],
    [
      "", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo",
      "octogésimo", "nonagésimo",
    ],
    [
      "", "centésimo", "ducentésimo", "tricentésimo", "quadrigentésimo", "quingentésimo", "seiscentésimo",
      "septigentésimo", "octigentésimo", "nongentésimo",
    ],
  ]
  private static let ordinalPowers = [
    "", "milésimo", "milionésimo", "milésimo milionésimo", "bilionésimo", "milésimo bilionésimo",
  ]
  private static let scaleWords = ["mil", "milhão", "milhões", "mil milhões", "bilião", "biliões", "mil biliões"]

  let centsSeparator = " e "

  func cardinal(_ number: DecimalInteger) -> String? {
    joinedByAnd(number).map(Self.withoutNeedlessAnd)
  }

  /// Every part joined by `e`.
  private func joinedByAnd(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 3 { return Self.belowThousand(number.last(3)) }
    let power = number.digitCount <= 6 ? 3 : Self.scale.power(ofDigitCount: number.digitCount)
    guard let power else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard let count = joinedByAnd(quotient) else { return nil }
    let isOne = quotient.digits == [1]
    let head: String
    switch power {
    case 3: head = isOne ? "mil" : count + " mil"
    case 6: head = isOne ? "um milhão" : count + " milhões"
    default:
      let name = Self.scale.name(ofPower: power)
      head = isOne ? "um " + name : "\(count) \(name.dropLast(2))ões"
    }
    guard !remainder.isZero else { return head }
    return joinedByAnd(remainder).map { "\(head) e \($0)" }
  }

  private static func belowThousand(_ value: Int) -> String {
    if value < 20 { return small[value] }
    if value == 100 { return "cem" }
    if value < 100 { return tens[value / 10] + (value % 10 == 0 ? "" : " e " + small[value % 10]) }
    return hundreds[value / 100] + (value % 100 == 0 ? "" : " e " + belowThousand(value % 100))
  }

  /// `mil e cento e catorze` becomes `mil cento e catorze`: if a scale word is followed by `e`, hundreds and then
  /// more, every `e` after that scale word is removed.
  private static func withoutNeedlessAnd(_ words: String) -> String {
    var words = words
    for scaleWord in scaleWords where needsNoAnd(words, after: scaleWord) {
      words = words.replacing("\(scaleWord) e", with: scaleWord)
    }
    return words
  }

  private static func needsNoAnd(_ words: String, after scaleWord: String) -> Bool {
    words.ranges(of: "\(scaleWord) e ").contains { range in
      let rest = words[range.upperBound...]
      guard let space = rest.firstIndex(of: " ") else { return false }
      let next = rest[..<space]
      return (next.hasSuffix("ento") || next.hasSuffix("entos")) && rest[space...].contains("e")
    }
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    guard number.digitCount <= 18 else { return nil }
    var words: [String] = []
    var pendingPower = ""
    for (place, digit) in number.digits.reversed().enumerated() {
      if place > 0, place % 3 == 0 { pendingPower = Self.ordinalPowers[place / 3] }
      if digit != 0, !pendingPower.isEmpty {
        words.append(pendingPower)
        pendingPower = ""
      }
      words.append(Self.ordinals[place % 3][Int(digit)])
    }
    let ordinal = words.reversed().filter { !$0.isEmpty }.joined(separator: " ")
    // `primeiro milésimo` is said without the `primeiro`.
    return ordinal.hasPrefix("primeiro") && number.digits != [1] ? String(ordinal.dropFirst(9)) : ordinal
  }

  func decimal(_ number: PythonFloat) -> String? {
    let words = decimalByDigits(number, point: "vírgula")
    return number.isWhole ? words : words.map(Self.withoutNeedlessAnd)
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: (NounForms("euro", "euros"), NounForms("cêntimo", "cêntimos"))
      case .usDollar: (NounForms("dólar", "dólares"), NounForms("cêntimo", "cêntimos"))
      case .poundSterling: (NounForms("libra", "libras"), NounForms("péni", "pence"))
      }
    let plain = amountInUnitsAndCents(number, separator: " e", unit: { unit($0) }, cent: { cent($0) })
    guard var words = plain else { return nil }
    for scaleWord in ["milhão", "milhões", "bilião", "biliões", "trilião", "triliões"]
    where words.contains("\(scaleWord) \(unit.many)") {
      if let first = words.firstRange(of: scaleWord) { words.replaceSubrange(first, with: scaleWord + " de") }
    }
    return words.replacing(" e zero cêntimos", with: "")
  }
}
