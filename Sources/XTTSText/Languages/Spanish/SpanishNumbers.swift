import Foundation

struct SpanishNumbers: NumberWords {
  private static let small = [
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
  ]
  private static let tens = [
    "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
  ]
  private static let hundreds = [
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
  ]
  private static let scale = LongScale(stems: LatinScale(lows: ["m", "b", "tr", "cuatr"]), mega: "illón", giga: nil)
  private static let ordinalUnits = [
    "", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo",
  ]
  private static let ordinalTens = [
    "", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo",
    "octogésimo", "nonagésimo",
  ]
  private static let ordinalHundreds = [
    "", "centésimo", "ducentésimo", "tricentésimo", "cuadrigentésimo", "quingentésimo", "sexcentésimo",
    "septigentésimo", "octigentésimo", "noningentésimo",
  ]
  /// By power of a thousand; num2words' billion and above are the short scale's.
  private static let ordinalPowers = [
    "primero", "milésimo", "millonésimo", "billonésimo", "trillonésimo", "cuadrillonésimo",
  ]

  let centsSeparator = " con "

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 3 { return Self.belowThousand(number.last(3)) }
    let power = number.digitCount <= 6 ? 3 : Self.scale.power(ofDigitCount: number.digitCount)
    guard let power else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    let isOne = quotient.digits == [1]
    guard let count = cardinal(quotient) else { return nil }
    let head: String
    if power == 3 {
      head = isOne ? "mil" : count + " mil"
    } else {
      let name = Self.scale.name(ofPower: power)
      head = isOne ? "un " + name : "\(count) \(name.dropLast(2))ones"
    }
    guard !remainder.isZero else { return head }
    return cardinal(remainder).map { "\(head) \($0)" }
  }

  private static func belowThousand(_ value: Int) -> String {
    if value < 30 { return small[value] }
    if value == 100 { return "cien" }
    if value < 100 { return tens[value / 10] + (value % 10 == 0 ? "" : " y " + small[value % 10]) }
    return hundreds[value / 100] + (value % 100 == 0 ? "" : " " + belowThousand(value % 100))
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    guard let value = number.int else { return cardinal(number) }
    switch value {
    case ...10: return Self.ordinalUnits[value]
    case 11...12: return "décimo" + Self.ordinalUnits[value - 10]
    case ..<100: return joined(Self.ordinalTens[value / 10], value % 10)
    case ..<1000: return joined(Self.ordinalHundreds[value / 100], value % 100)
    case 1000: return "milésimo"
    default:
      // num2words finds the power by a logarithm, which falls short at some exact powers.
      let exponent = min(Int(log(Double(value)) / log(1000)), Self.ordinalPowers.count - 1)
      let power = (0..<exponent).reduce(1) { power, _ in power * 1000 }
      let high = value / power
      guard let count = high == 1 ? "" : cardinal(DecimalInteger(high)) else { return nil }
      return joined(count + Self.ordinalPowers[exponent], value % power)
    }
  }

  private func joined(_ head: String, _ rest: Int) -> String? {
    guard rest > 0 else { return head }
    return ordinal(DecimalInteger(rest)).map { "\(head) \($0)" }
  }

  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "punto")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: (NounForms("euro", "euros"), NounForms("céntimo", "céntimos"))
      case .usDollar: (NounForms("dólar", "dólares"), NounForms("centavo", "centavos"))
      case .poundSterling: (NounForms("libra", "libras"), NounForms("penique", "peniques"))
      }
    let plain = amountInUnitsAndCents(number, separator: " con", unit: { unit($0) }, cent: { cent($0) })
    guard let parts = plain?.components(separatedBy: centsSeparator), parts.count == 2 else { return nil }
    let units =
      currency == .poundSterling
      ? parts[0].replacing("uno", with: "una").replacing("cientos", with: "cientas") : Self.apocopated(parts[0])
    return units + centsSeparator + Self.apocopated(parts[1])
  }

  private static func apocopated(_ words: String) -> String {
    words.replacing("veintiuno", with: "veintiún").replacing("uno", with: "un")
  }
}
