import SpeechCore

/// Fractions and mixed numbers in the words of one language.
struct Fractions: Sendable {
  let language: Language
  let numbers: (any NumberWords)?

  /// - Parameter noun: the word after it.
  /// - Returns: nil where the language has no words for it.
  func spoken(_ whole: Int?, _ over: Int, _ under: Int, before noun: String, half: String) -> String? {
    let isHalf = (over, under) == (1, 2)
    guard let whole else { return isHalf ? self.half(of: noun, half) : proper(over, under) }
    guard let count = cardinal(whole, before: noun) else { return nil }
    if isHalf, let words = mixedHalf(whole, count, noun) { return words }
    guard let part = isHalf ? self.half(of: noun, half) : proper(over, under) else { return nil }
    return "\(count) \(Self.joints[language] ?? "") \(part)"
  }

  private static let joints: [Language: String] = [
    .english: "and", .spanish: "y", .french: "et", .german: "und", .italian: "e", .portuguese: "e", .polish: "i",
    .russian: "и", .czech: "a", .dutch: "en", .hungarian: "és", .turkish: "tam", .hindi: "सही", .chinese: "又",
    .japanese: "と", .korean: "와", .arabic: "و",
  ]

  private func cardinal(_ value: Int, before noun: String = "") -> String? {
    switch language {
    case .japanese: return JapaneseNumerals.cardinal(DecimalInteger(value))
    case .chinese: return String(ChineseNumerals.cardinal(Scalars(String(value))))
    default:
      guard let words = numbers?.cardinal(DecimalInteger(value)) else { return nil }
      return NumeralAgreement.languages.contains(language) && language != .german
        ? NumeralAgreement(language: language).agree(words, DecimalInteger(value), with: noun) : words
    }
  }

  private func mixedHalf(_ whole: Int, _ count: String, _ noun: String) -> String? {
    let isFeminine = NumeralAgreement(language: language).isFeminine(noun)
    switch language {
    case .german: return whole == 1 ? "eineinhalb" : count + "einhalb"
    case .french: return count + " et " + (isFeminine ? "demie" : "demi")
    case .russian: return whole == 1 ? (isFeminine ? "полторы" : "полтора") : count + " с половиной"
    case .polish: return whole == 1 ? (isFeminine ? "półtorej" : "półtora") : count + " i pół"
    case .czech: return (whole == 1 ? "jeden" : count) + " a půl"
    case .dutch: return whole == 1 ? "anderhalve" : count + " en een halve"
    case .hungarian: return whole == 1 ? "másfél" : (whole == 2 ? "két" : count) + " és fél"
    case .turkish: return count + " buçuk"
    case .hindi: return whole == 1 ? "डेढ़" : whole == 2 ? "ढाई" : "साढ़े " + count
    case .arabic: return count + " ونصف"
    default: return nil
    }
  }

  /// `media hora`, `une demi heure`, `einen halben Liter`.
  private func half(of noun: String, _ usual: String) -> String {
    let isFeminine = NumeralAgreement(language: language).isFeminine(noun)
    switch language {
    case .english: return "a half"
    case .spanish: return isFeminine ? "media" : "medio"
    case .portuguese: return isFeminine ? "meia" : "meio"
    case .italian: return isFeminine ? "mezza" : "mezzo"
    case .french: return isFeminine ? "une demi" : "un demi"
    case .german:
      return switch noun {
      case "Liter", "Meter", "Tag", "Monat", "Kilometer", "Becher", "Löffel", "Teelöffel", "Esslöffel": "einen halben"
      case "Stunde", "Minute", "Tasse", "Flasche", "Dose", "Packung", "Million", "Tonne", "Seite", "Portion":
        "eine halbe"
      case "Kilo", "Kilogramm", "Pfund", "Jahr", "Glas", "Stück", "Dutzend": "ein halbes"
      default: "ein halb"
      }
    default: return usual
    }
  }

  private func proper(_ over: Int, _ under: Int) -> String? {
    guard let count = cardinal(over), let parts = cardinal(under) else { return nil }
    if [10, 20, 100].contains(under), over > 1, let outOf = Self.outOf[language] {
      let total = NumberCase.genitiveAfter(outOf, language)?.inflect(parts, language) ?? parts
      return "\(count) \(outOf) \(total)"
    }
    switch language {
    case .turkish: return Self.turkishParts[under].map { "\($0) \(count)" }
    case .hindi:
      let part = [3: "तिहाई", 4: "चौथाई"][under]
      return part.map { "\(count) \($0)" } ?? "\(count) बटा \(parts)"
    case .arabic: return arabic(over, under, count)
    case .chinese: return parts + "分之" + count
    case .japanese: return parts + "分の" + count
    case .korean: return parts + " 분의 " + count
    default: break
    }
    guard let names = Self.names[language]?.split(separator: " "), under >= 3, under - 3 < names.count else {
      return nil
    }
    let forms = names[under - 3].split(separator: "/").map(String.init)
    if over == 1 { return (Self.one[language] ?? "") + forms[0] }
    let two = [.russian: "две", .polish: "dwie", .czech: "dvě", .hungarian: "két"][language] ?? count
    return (over == 2 ? two : count) + " " + forms[min(over < 5 ? 1 : 2, forms.count - 1)]
  }

  private func arabic(_ over: Int, _ under: Int, _ count: String) -> String? {
    let names = [
      "ثلث/ثلثان/أثلاث", "ربع/ربعان/أرباع", "خمس/خمسان/أخماس", "سدس/سدسان/أسداس", "سبع/سبعان/أسباع", "ثمن/ثمنان/أثمان",
      "تسع/تسعان/أتساع", "عشر/عشران/أعشار",
    ]
    guard under >= 3, under - 3 < names.count else { return nil }
    let forms = names[under - 3].split(separator: "/").map(String.init)
    return over == 1 ? forms[0] : over == 2 ? forms[1] : count + " " + forms[2]
  }

  private static let one: [Language: String] = [
    .english: "one ", .spanish: "un ", .french: "un ", .german: "ein ", .italian: "un ", .portuguese: "um ",
    .russian: "одна ", .polish: "jedna ", .czech: "jedna ", .hungarian: "egy ", .dutch: "een ",
  ]

  /// From thirds to tenths: for one, for two to four, for more.
  private static let names: [Language: String] = [
    .english: "third/thirds quarter/quarters fifth/fifths sixth/sixths seventh/sevenths eighth/eighths ninth/ninths "
      + "tenth/tenths",
    .spanish: "tercio/tercios cuarto/cuartos quinto/quintos sexto/sextos séptimo/séptimos octavo/octavos "
      + "noveno/novenos décimo/décimos",
    .french: "tiers quart/quarts cinquième/cinquièmes sixième/sixièmes septième/septièmes huitième/huitièmes "
      + "neuvième/neuvièmes dixième/dixièmes",
    .german: "drittel viertel fünftel sechstel siebtel achtel neuntel zehntel",
    .italian: "terzo/terzi quarto/quarti quinto/quinti sesto/sesti settimo/settimi ottavo/ottavi nono/noni "
      + "decimo/decimi",
    .portuguese: "terço/terços quarto/quartos quinto/quintos sexto/sextos sétimo/sétimos oitavo/oitavos nono/nonos "
      + "décimo/décimos",
    .russian: "треть/трети/третей четверть/четверти/четвертей пятая/пятых шестая/шестых седьмая/седьмых "
      + "восьмая/восьмых девятая/девятых десятая/десятых",
    .polish: "trzecia/trzecie/trzecich czwarta/czwarte/czwartych piąta/piąte/piątych szósta/szóste/szóstych "
      + "siódma/siódme/siódmych ósma/ósme/ósmych dziewiąta/dziewiąte/dziewiątych dziesiąta/dziesiąte/dziesiątych",
    .czech: "třetina/třetiny/třetin čtvrtina/čtvrtiny/čtvrtin pětina/pětiny/pětin šestina/šestiny/šestin "
      + "sedmina/sedminy/sedmin osmina/osminy/osmin devítina/devítiny/devítin desetina/desetiny/desetin",
    .hungarian: "harmad negyed ötöd hatod heted nyolcad kilenced tized",
    .dutch: "derde kwart vijfde zesde zevende achtste negende tiende",
  ]

  private static let turkishParts = [
    3: "üçte", 4: "dörtte", 5: "beşte", 6: "altıda", 7: "yedide", 8: "sekizde", 9: "dokuzda", 10: "onda",
  ]

  /// `9/10`: a mark.
  private static let outOf: [Language: String] = [
    .english: "out of", .spanish: "sobre", .french: "sur", .german: "von", .italian: "su", .portuguese: "de",
    .polish: "na", .russian: "из", .dutch: "van de", .czech: "z", .arabic: "من",
  ]
}
