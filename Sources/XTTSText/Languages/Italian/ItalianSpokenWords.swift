extension SpokenWords {
  static let italian = SpokenWords(
    language: .italian, numbers: ItalianNumbers(),
    months: [
      "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
      "novembre", "dicembre",
    ],
    datePattern: "# @ %", firstOfMonth: "primo", monthFirst: false,
    timePattern: "# e %", fullHourPattern: "#", hourWords: ["h", "ore"],
    webWords: [
      "punto", "barra", "trattino", "trattino basso", "chiocciola", "due punti", "punto interrogativo", "uguale", "e",
      "cancelletto", "tilde", "più", "per cento",
    ],
    denominators: [
      ("mezzo", "mezzi"), ("terzo", "terzi"), ("quarto", "quarti"), ("quinto", "quinti"), ("sesto", "sesti"),
      ("settimo", "settimi"), ("ottavo", "ottavi"), ("nono", "noni"), ("decimo", "decimi"),
    ],
    oneOf: ("", "un "),
    yearWords: [],
    countedWords: [
      "parte", "volume", "tomo", "libro", "fase", "tipo", "classe", "livello", "tabella", "figura",
    ],
    ordinalWords: [
      "secolo", "capitolo", "atto", "articolo", "titolo",
    ],
    highestRulerOrdinal: 40, rulerArticle: "")
}
