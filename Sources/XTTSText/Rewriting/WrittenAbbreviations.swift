import SpeechCore

/// Short forms and what they stand for. A form that starts with `#` needs a number after it, one with `^` a capital.
enum WrittenAbbreviations {
  struct Entry: Sendable {
    var short: Scalars
    var long: String
    var needsNumber: Bool
    var needsCapital: Bool
  }

  /// The entry that stands at `position`, the longest first, and its end.
  static func entry(_ text: Scalars, at position: Int, language: Language) -> (entry: Entry, end: Int)? {
    guard let candidates = table[language]?[text[position]] else { return nil }
    for entry in candidates where text.matches(entry.short, at: position) {
      let end = position + entry.short.count
      if entry.short.last?.isWord == true, text.at(end)?.isWord == true { continue }
      if entry.needsNumber, text.at(text.end(from: end) { $0 == " " })?.isASCIIDigit != true { continue }
      if entry.needsCapital, text.at(text.end(from: end) { $0 == " " })?.properties.isUppercase != true { continue }
      return (entry, end)
    }
    return nil
  }

  private static let table: [Language: [Unicode.Scalar: [Entry]]] = source.mapValues { lines in
    let entries = lines.split(separator: "|").compactMap { line -> Entry? in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let needsNumber = parts[0].hasPrefix("#")
      let needsCapital = parts[0].hasPrefix("^")
      let short = Scalars(needsNumber || needsCapital ? parts[0].dropFirst() : parts[0])
      return Entry(short: short, long: String(parts[1]), needsNumber: needsNumber, needsCapital: needsCapital)
    }
    return Dictionary(grouping: entries.sorted { $0.short.count > $1.short.count }) { $0.short[0] }
  }

  private static let source: [Language: String] = [
    .english: "#No.=number|#Nos.=numbers|#Fig.=figure|#fig.=figure|#pp.=pages|#p.=page|#vol.=volume"
      + "|#ch.=chapter|Prof.=professor|vs.=versus|etc.=et cetera|approx.=approximately|Jan.=January|Feb.=February"
      + "|Aug.=August|Sept.=September|Oct.=October|Nov.=November|Dec.=December",
    .spanish: "#nº=número|#n.º=número|#núm.=número|#pp.=páginas|#págs.=páginas|#pág.=página|#p.=página"
      + "|EE. UU.=Estados Unidos|EE.UU.=Estados Unidos|Ud.=usted|Uds.=ustedes|a. C.=antes de Cristo"
      + "|d. C.=después de Cristo|p. ej.=por ejemplo|etc.=etcétera|Dña.=doña|Prof.=profesor|tel.=teléfono",
    .french:
      "#n°=numéro|#nº=numéro|#N°=numéro|#pp.=pages|#p.=page|M. et Mme=monsieur et madame|^M.=monsieur|^MM.=messieurs|Mme=madame"
      + "|Mmes=mesdames|Mlle=mademoiselle|Dr=docteur|Pr=professeur|p. ex.=par exemple|c.-à-d.=c'est-à-dire"
      + "|av. J.-C.=avant Jésus Christ|apr. J.-C.=après Jésus Christ|etc.=et cætera|env.=environ",
    .german: "#Nr.=Nummer|#S.=Seite|§§=Paragrafen|§=Paragraf|z. B.=zum Beispiel|z.B.=zum Beispiel|d. h.=das heißt"
      + "|d.h.=das heißt|u. a.=unter anderem|u.a.=unter anderem|usw.=und so weiter|bzw.=beziehungsweise|ca.=circa"
      + "|v. Chr.=vor Christus|n. Chr.=nach Christus|Prof.=Professor|evtl.=eventuell|ggf.=gegebenenfalls"
      + "|inkl.=inklusive|zzgl.=zuzüglich|#ct=Cent|Tel.=Telefon",
    .italian: "#n°=numero|#n.=numero|#nº=numero|#pp.=pagine|#pag.=pagina|#p.=pagina|dott.ssa=dottoressa"
      + "|dott.=dottor|sig.ra=signora|sig.=signor|Sig.=signor|Dott.=dottor|prof.=professor|a.C.=avanti Cristo"
      + "|d.C.=dopo Cristo|ecc.=eccetera|es.=esempio",
    .portuguese: "#nº=número|#n.º=número|#pp.=páginas|#págs.=páginas|#pág.=página|#p.=página|séc.=século"
      + "|a.C.=antes de Cristo|d.C.=depois de Cristo|etc.=etcétera|p. ex.=por exemplo|tel.=telefone",
    .polish: "#nr=numer|#Nr=numer|np.=na przykład|itd.=i tak dalej|itp.=i tym podobne|m.in.=między innymi"
      + "|tzn.=to znaczy|tj.=to jest|p.n.e.=przed naszą erą|n.e.=naszej ery|prof.=profesor|r.=roku|w.=wiek|ul.=ulica|tys.=tysięcy"
      + "|#s.=strona|ok.=około",
    .turkish: "vb.=ve benzeri|vs.=vesaire|M.Ö.=milattan önce|M.S.=milattan sonra|Prof.=profesör|#No.=numara"
      + "|örn.=örneğin|#s.=sayfa",
    .russian: "т.е.=то есть|т. е.=то есть|и т.д.=и так далее|и т. д.=и так далее|и т.п.=и тому подобное|т.к.=так как"
      + "|до н. э.=до нашей эры|до н.э.=до нашей эры|н. э.=нашей эры|ул.=улица|#д.=дом|#стр.=страница|тыс.=тысяч"
      + "|млн=миллионов|млрд=миллиардов|напр.=например|им.=имени|др.=другие",
    .dutch: "#nr.=nummer|#Nr.=nummer|#pp.=pagina|#blz.=bladzijde|#p.=pagina|bijv.=bijvoorbeeld|bv.=bijvoorbeeld"
      + "|d.w.z.=dat wil zeggen|enz.=enzovoort|v.Chr.=voor Christus|n.Chr.=na Christus|o.a.=onder andere"
      + "|ca.=circa|m.b.t.=met betrekking tot",
    .czech: "#č.=číslo|např.=například|atd.=a tak dále|apod.=a podobně|tj.=to jest|tzn.=to znamená"
      + "|př. n. l.=před naším letopočtem|n. l.=našeho letopočtu|tis.=tisíc|mil.=milionů|#str.=strana|prof.=profesor"
      + "|ul.=ulice",
    .hungarian: "pl.=például|stb.=és a többi|kb.=körülbelül|ún.=úgynevezett|i. e.=időszámításunk előtt"
      + "|i. sz.=időszámításunk szerint|ill.=illetve|prof.=professzor",
    .arabic: "د.=دكتور|ق.م=قبل الميلاد|أ.=أستاذ",
    .hindi: "डॉ.=डॉक्टर|ई.पू.=ईसा पूर्व|श्री.=श्री|प्रो.=प्रोफ़ेसर|रु.=रुपये",
  ]
}
