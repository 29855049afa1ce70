import SpeechCore

/// The words for hundredths of money, which CLDR does not have.
enum Subunits {
  /// nil where the language has no word for it here.
  static func words(_ count: Int, _ currency: String, _ language: Language) -> (noun: String, isFeminine: Bool)? {
    guard let forms = table[language]?[currency] else { return nil }
    let noun =
      switch language {
      case .russian: RussianNumbers.plural(count, forms[0], forms[min(1, forms.count - 1)], forms[forms.count - 1])
      case .polish, .czech:
        forms.count < 3
          ? forms[0] : SlavicNumerals.plural(language == .czech && count > 20 ? 5 : count, forms[0], forms[1], forms[2])
      default: count == 1 ? forms[0] : forms[forms.count - 1]
      }
    return (noun, noun.hasPrefix("копе"))
  }

  private static let table: [Language: [String: [String]]] = [
    .english: "USD EUR CAD AUD NZD HKD SGD ZAR=cent/cents|GBP=penny/pence|INR=paisa/paise",
    .spanish: "EUR=céntimo/céntimos|USD MXN CAD AUD BRL=centavo/centavos|GBP=penique/peniques",
    .french: "EUR CHF=centime/centimes|USD CAD AUD=cent/cents|GBP=penny/pence",
    .german: "EUR USD CAD AUD=Cent|CHF=Rappen|GBP=Pence",
    .italian: "EUR USD CHF=centesimo/centesimi|GBP=penny/pence",
    .portuguese: "EUR=cêntimo/cêntimos|BRL USD=centavo/centavos|GBP=pence",
    .polish: "PLN=grosz/grosze/groszy|EUR USD=cent/centy/centów|GBP=pens/pensy/pensów",
    .turkish: "TRY=kuruş|EUR USD=sent|GBP=peni",
    .russian: "RUB UAH=копейка/копейки/копеек|EUR USD=цент/цента/центов|GBP=пенс/пенса/пенсов",
    .dutch: "EUR USD=cent|GBP=pence", .czech: "CZK=haléř/haléře/haléřů|EUR USD=cent/centy/centů|GBP=pence",
    .hungarian: "EUR USD=cent|GBP=penny", .hindi: "INR=पैसा/पैसे|USD EUR=सेंट|GBP=पेंस",
    .chinese: "USD=美分|EUR=欧分", .japanese: "USD EUR=セント", .korean: "USD EUR=센트",
    .arabic: "USD EUR=سنت|SAR=هللة|EGP=قرش|AED=فلس",
  ].mapValues { lines in
    var table: [String: [String]] = [:]
    for line in lines.split(separator: "|") {
      let parts = line.split(separator: "=")
      for code in parts[0].split(separator: " ") {
        table[String(code)] = parts[1].split(separator: "/").map(String.init)
      }
    }
    return table
  }
}
