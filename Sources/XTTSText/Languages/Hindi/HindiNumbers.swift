/// Hindi numbers. num2words has none and upstream fails on every digit, so these are the language's own. Letters with a
/// dot are written composed, as the vocabulary mostly has them.
struct HindiNumbers: NumberWords {
  private static let small = """
    शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस \
    बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस \
    तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अ\u{95C}तीस उनतालीस \
    चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अ\u{95C}तालीस उनचास \
    पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ \
    साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ स\u{95C}सठ अ\u{95C}सठ उनहत्तर \
    सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी \
    अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी \
    नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे
    """.split(separator: " ").map(String.init)
  private static let irregularOrdinals = ["शून्यवाँ", "पहला", "दूसरा", "तीसरा", "चौथा", "पाँचवाँ", "छठा"]
  /// Powers of ten that have a name, highest first.
  private static let scale = [(11, "खरब"), (9, "अरब"), (7, "करो\u{95C}"), (5, "लाख"), (3, "ह\u{95B}ार"), (2, "सौ")]
  private static let maximumDigits = 13

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    guard number.digitCount <= Self.maximumDigits else { return nil }
    guard let (power, name) = Self.scale.first(where: { number.digitCount > $0.0 }) else {
      return Self.small[number.last(2)]
    }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard let count = cardinal(quotient) else { return nil }
    guard !remainder.isZero else { return "\(count) \(name)" }
    return cardinal(remainder).map { "\(count) \(name) \($0)" }
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    if let value = number.int, value < Self.irregularOrdinals.count { return Self.irregularOrdinals[value] }
    return cardinal(number).map { $0 + "वाँ" }
  }

  /// Halves have special words: one and a half, two and a half, and a half more than any other number.
  func decimal(_ number: PythonFloat) -> String? {
    if let (whole, fraction) = number.parts, fraction == "5", whole != "0" {
      switch whole {
      case "1": return "डे\u{95D}"
      case "2": return "ढाई"
      default: return cardinal(DecimalInteger(whole.unicodeScalars)).map { "सा\u{95D}े \($0)" }
      }
    }
    return decimalByDigits(number, point: "दशमलव")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? { nil }
}
