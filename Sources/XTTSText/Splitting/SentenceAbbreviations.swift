import SpeechCore

/// Words whose full stop is not the end of a sentence, lower case and without it.
enum SentenceAbbreviations {
  static let table: [Language: Set<String>] = [
    .english: [
      "mr", "mrs", "ms", "dr", "drs", "prof", "st", "sr", "jr", "rev", "hon", "gen", "col", "maj", "capt", "lt", "sgt",
      "esq", "ltd", "co", "inc", "corp", "ft", "vs", "e.g", "i.e", "cf", "fig", "no", "vol", "pp", "approx", "dept",
      "est", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "mt", "gov", "sen", "rep", "pres",
    ],
    .spanish: [
      "sr", "sra", "srta", "sres", "dr", "dra", "d", "dña", "prof", "ud", "uds", "vd", "núm", "pág", "págs", "art",
      "av", "avda", "cía", "ltd", "co", "jr", "st", "ej", "p.ej", "aprox", "tel", "lic", "ing", "gral",
    ],
    .french: [
      "m", "mm", "mr", "mme", "mlle", "mmes", "dr", "pr", "prof", "st", "ste", "co", "jr", "ltd", "p.ex", "ex", "cf",
      "fig", "env", "art", "av", "bd", "tél", "vol", "no", "éd", "c.-à-d", "apr", "janv", "févr", "juil", "sept", "oct",
      "nov", "déc",
    ],
    .german: [
      "hr", "fr", "dr", "prof", "st", "co", "jr", "z.b", "d.h", "u.a", "o.ä", "z.t", "bzw", "ca", "evtl", "ggf", "inkl",
      "exkl", "nr", "str", "tel", "usw", "vgl", "abb", "bd", "abs", "art", "geb", "gest", "max", "min", "mio", "mrd",
      "jan", "feb", "apr", "aug", "sept", "okt", "nov", "dez", "ing", "dipl",
    ],
    .italian: [
      "sig", "sigg", "sig.ra", "sig.na", "dr", "dott", "dott.ssa", "prof", "prof.ssa", "st", "co", "jr", "ltd", "avv",
      "ing", "arch", "geom", "on", "pag", "pagg", "art", "ecc", "es", "p.es", "fig", "tel", "nr", "ca", "vol",
    ],
    .portuguese: [
      "sr", "sra", "srta", "dr", "dra", "prof", "profa", "st", "co", "jr", "ltd", "ltda", "av", "ex", "p.ex", "exmo",
      "exma", "eng", "pág", "págs", "art", "núm", "tel", "aprox", "cia", "min",
    ],
    .polish: [
      "p", "m", "dr", "sw", "św", "jr", "prof", "inż", "mgr", "np", "tzn", "tj", "itd", "itp", "ul", "al", "pl", "r",
      "godz", "min", "tys", "mln", "mld", "nr", "str", "art", "ok", "m.in", "pt", "zob", "im",
    ],
    .turkish: [
      "b", "byk", "dr", "prof", "doç", "av", "sn", "vb", "vs", "örn", "bkz", "cad", "sok", "no", "tel", "st", "alb",
    ],
    .russian: [
      "г", "гг", "т.е", "т.д", "т.п", "т.к", "др", "пр", "ул", "им", "проф", "акад", "стр", "рис", "см", "руб", "коп",
      "тыс", "млн", "млрд", "н.э", "напр", "обл", "кв", "д", "тел",
    ],
    .dutch: [
      "dhr", "mevr", "mw", "dr", "jhr", "prof", "ir", "ing", "mr", "drs", "st", "bijv", "d.w.z", "o.a", "m.a.w", "enz",
      "nr", "blz", "ca", "evt", "tel", "art", "vgl", "max", "min", "t.a.v",
    ],
    .czech: [
      "dr", "ing", "p", "pí", "prof", "doc", "mgr", "bc", "mudr", "judr", "phdr", "tzv", "např", "atd", "apod", "tj",
      "č", "str", "ul", "nám", "tel", "cca", "mil", "mld", "sv", "odst",
    ],
    .hungarian: [
      "dr", "b", "nőv", "prof", "ifj", "id", "özv", "pl", "stb", "kb", "ill", "u", "út", "ker", "em", "old", "sz",
      "tel",
      "vö", "ún", "jan", "febr", "márc", "ápr", "jún", "júl", "aug", "szept", "okt", "nov", "dec",
    ],
    .hindi: ["डॉ", "श्री", "प्रो", "रु", "कु", "पं"],
    .arabic: ["د", "أ", "م", "ص"],
  ]
}
