import SpeechCore

/// Proper fractions in the languages that name the parts.
struct Fractions: Sendable {
  let language: Language
  let numbers: (any NumberWords)?

  /// nil where the language has no words for it.
  func spoken(_ over: Int, _ under: Int) -> String? {
    guard let count = numbers?.cardinal(DecimalInteger(over)), let parts = numbers?.cardinal(DecimalInteger(under))
    else { return nil }
    if [10, 20, 100].contains(under), over > 1, let outOf = Self.outOf[language] {
      return "\(count) \(outOf) \(parts)"
    }
    switch language {
    case .turkish: return Self.turkishParts[under].map { "\($0) \(count)" }
    case .hindi:
      let part = [3: "तिहाई", 4: "चौथाई"][under]
      return part.map { "\(count) \($0)" } ?? "\(count) बटा \(parts)"
    case .arabic: return arabic(over, under, count)
    default: break
    }
    guard let names = Self.names[language]?.split(separator: " "), under >= 3, under - 3 < names.count else {
      return nil
    }
    let forms = names[under - 3].split(separator: "/").map(String.init)
    if over == 1 {
      return [.russian: "одна ", .polish: "jedna ", .czech: "jedna ", .hungarian: "egy ", .dutch: "een "][
        language, default: ""]
        + forms[0]
    }
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

  /// From thirds to tenths: for one, for two to four, for more.
  private static let names: [Language: String] = [
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
    .polish: "na", .russian: "из", .dutch: "van de", .czech: "z", .arabic: "من",
  ]
}
