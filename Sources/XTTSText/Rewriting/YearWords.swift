import SpeechCore

/// Years as they are said: in two halves in English, in hundreds in German and Dutch, as plain numbers elsewhere.
enum YearWords {
  static func spoken(_ year: Int, _ language: Language, _ numbers: (any NumberWords)?) -> String {
    func cardinal(_ value: Int) -> String { numbers?.cardinal(DecimalInteger(value)) ?? String(value) }
    let (century, rest) = (year / 100, year % 100)
    switch language {
    case .english where (1100...1999).contains(year) || (2010...2099).contains(year):
      if rest == 0 { return cardinal(century) + " hundred" }
      return cardinal(century) + (rest < 10 ? " oh " : " ") + cardinal(rest)
    case .english where (2001...2009).contains(year): return "two thousand and \(cardinal(rest))"
    case .german where (1100...1999).contains(year), .dutch where (1100...1999).contains(year):
      let hundred = language == .german ? "hundert" : "honderd"
      return cardinal(century) + hundred + (rest == 0 ? "" : cardinal(rest))
    // A full stop after digits would make them an ordinal.
    case .hindi where (1100...1999).contains(year):
      return cardinal(century) + " सौ" + (rest == 0 ? "" : " " + cardinal(rest))
    case .japanese: return JapaneseNumerals.cardinal(DecimalInteger(year)) ?? String(year)
    case .chinese, .korean, .english: return String(year)
    case .italian: return cardinal(year).replacing("dicotto", with: "diciotto")
    case .czech: return cardinal(year).replacing("dvěstě", with: "dvě stě")
    default: return cardinal(year)
    }
  }
}
