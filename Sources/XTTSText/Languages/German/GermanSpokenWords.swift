extension SpokenWords {
  static let german = SpokenWords(
    language: .german, numbers: GermanNumbers(),
    months: [
      "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
      "Dezember",
    ],
    datePattern: "# @ %", firstOfMonth: nil, monthFirst: false,
    timePattern: "# Uhr %", fullHourPattern: "# Uhr", hourWords: ["uhr", "h"],
    webWords: [
      "Punkt", "Schrägstrich", "Bindestrich", "Unterstrich", "ät", "Doppelpunkt", "Fragezeichen", "gleich", "und",
      "Raute", "Tilde", "plus", "Prozent",
    ],
    denominators: [
      ("halb", "halbe"), ("drittel", "drittel"), ("viertel", "viertel"), ("fünftel", "fünftel"),
      ("sechstel", "sechstel"), ("siebtel", "siebtel"), ("achtel", "achtel"), ("neuntel", "neuntel"),
      ("zehntel", "zehntel"),
    ],
    oneOf: ("ein ", "ein "),
    yearWords: [
      "im", "in", "seit", "bis", "von", "vor", "nach", "um", "jahr", "jahre", "anno", "ab", "januar", "februar",
      "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember", "sommer",
      "winter", "herbst",
    ],
    countedWords: [
      "kapitel", "teil", "akt", "band", "buch", "abschnitt", "phase", "typ", "klasse", "stufe", "artikel", "tabelle",
      "abbildung", "weltkrieg",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 40, rulerArticle: "der ")
}
