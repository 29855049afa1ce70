import SpeechCore

/// Thousands, millions and the like after a number: `3,5 Mio.`, `2 млн`, `5 tys.`
struct NumberScale: Sendable {
  /// As written; a full stop after it belongs to it where `hasPoint`.
  var short: Scalars
  /// For one, for two to four, for more, and after a fraction.
  var forms: [String]
  var hasPoint: Bool
  /// A letter that is a scale only next to a currency.
  var needsCurrency: Bool

  func word(for number: WrittenNumber, _ language: Language) -> String {
    if !number.fraction.isEmpty { return forms[min(3, forms.count - 1)] }
    let (rest, isOne) = (DecimalInteger(number.whole).last(2), number.whole == ["1"])
    if isOne { return forms[0] }
    switch language {
    case .russian where rest % 10 == 1 && rest != 11: return forms[0]
    case .russian, .polish, .czech:
      let isFew = (2...4).contains(rest % 10) && !(12...14).contains(rest) && (language != .czech || rest < 10)
      return forms[min(isFew ? 1 : 2, forms.count - 1)]
    default: return forms[min(1, forms.count - 1)]
    }
  }

  /// The scale at `start`, after at most one space, and its end.
  static func read(_ text: Scalars, after end: Int, language: Language) -> (scale: NumberScale, end: Int)? {
    let start = text.at(end) == " " ? end + 1 : end
    guard let first = text.at(start), let candidates = byFirst[language]?[first] else { return nil }
    for scale in candidates where text.matches(scale.short, at: start) {
      var end = start + scale.short.count
      let isCJK = [.chinese, .japanese, .korean].contains(language)
      if !isCJK, let next = text.at(end), next.isWord { continue }
      if scale.hasPoint, text.at(end) == "." { end += 1 }
      return (scale, end)
    }
    return nil
  }

  private static let byFirst: [Language: [Unicode.Scalar: [NumberScale]]] = source.mapValues { lines in
    let scales = lines.split(separator: "|").flatMap { line -> [NumberScale] in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return [] }
      let forms = parts[1].split(separator: ",").map(String.init)
      return parts[0].split(separator: ",").map { short in
        let needsCurrency = short.hasPrefix("^")
        let hasPoint = short.hasSuffix(".")
        let letters = Scalars(short.drop { $0 == "^" }.prefix { $0 != "." })
        return NumberScale(short: letters, forms: forms, hasPoint: hasPoint, needsCurrency: needsCurrency)
      }
    }
    return Dictionary(grouping: scales.sorted { $0.short.count > $1.short.count }) { $0.short[0] }
  }

  /// `^` before a form that needs a currency.
  private static let source: [Language: String] = [
    .english: "thousand,^k,^K=thousand|million,^m,^M,mn,^mio=million|billion,bn,^B,^b=billion|trillion,tn=trillion",
    .spanish: "mil=mil|millón,millones,mill.,^M=millón,millones|billones=billón,billones",
    .french: "mille,^k=mille|million,millions,^M,Mio=million,millions|milliard,milliards,^Md,Mrd=milliard,milliards",
    .german: "Tausend,tausend,Tsd.,Tsd=tausend|Million,Millionen,Mio.,^M=Million,Millionen"
      + "|Milliarde,Milliarden,Mrd.=Milliarde,Milliarden|Billion,Billionen,Bio.=Billion,Billionen",
    .italian: "mila=mila|milione,milioni,mln,mln.,^M=milione,milioni|miliardo,miliardi,mld,mld.=miliardo,miliardi",
    .portuguese: "mil=mil|milhão,milhões,mi,^M=milhão,milhões|bilhão,bilhões,bi=bilhão,bilhões"
      + "|bilião,biliões=bilião,biliões|mil milhões=mil milhões",
    .polish: "tys.,tysiąc,tysiące,tysięcy=tysiąc,tysiące,tysięcy,tysiąca"
      + "|mln,milion,miliony,milionów,miliona=milion,miliony,milionów,miliona"
      + "|mld,miliard,miliardy,miliardów,miliarda=miliard,miliardy,miliardów,miliarda",
    .turkish: "bin=bin|milyon,mn=milyon|milyar,mr=milyar|trilyon=trilyon",
    .russian: "тыс.,тысяча,тысячи,тысяч=тысяча,тысячи,тысяч,тысячи"
      + "|млн,млн.,миллион,миллиона,миллионов=миллион,миллиона,миллионов,миллиона"
      + "|млрд,млрд.,миллиард,миллиарда,миллиардов=миллиард,миллиарда,миллиардов,миллиарда",
    .dutch: "duizend=duizend|mln,mln.,miljoen,^M=miljoen|mld,mld.,mrd,miljard=miljard",
    .czech: "tis.,tisíc,tisíce=tisíc,tisíce,tisíc,tisíce|mil.,mil,mio=milion,miliony,milionů,milionu"
      + "|milion,miliony,milionů,milionu=milion,miliony,milionů,milionu"
      + "|mld.,mld,miliard,miliardy,miliarda=miliarda,miliardy,miliard,miliardy",
    .hungarian: "ezer,^e,^E=ezer|millió,M,mFt=millió|milliárd,Mrd=milliárd",
    .arabic: "ألف=ألف|مليون=مليون|مليار=مليار",
    .hindi: "हज़ार,हजार=हज़ार|लाख=लाख|करोड़,करोड=करोड़|अरब=अरब",
    .chinese: "万亿=万亿|万=万|亿=亿", .japanese: "万=万|億=億|兆=兆", .korean: "만=만|억=억|조=조|천=천",
  ]
}
