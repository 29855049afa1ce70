extension SpokenWords {
  static let english = SpokenWords(
    language: .english, numbers: EnglishNumbers(),
    months: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    datePattern: "@ #, %", firstOfMonth: nil, monthFirst: true,
    timePattern: "# %", fullHourPattern: "# o'clock", hourWords: ["h"],
    webWords: [
      "dot", "slash", "dash", "underscore", "at", "colon", "question mark", "equals", "and", "hash", "tilde", "plus",
      "percent",
    ],
    denominators: [
      ("half", "halves"), ("third", "thirds"), ("quarter", "quarters"), ("fifth", "fifths"), ("sixth", "sixths"),
      ("seventh", "sevenths"), ("eighth", "eighths"), ("ninth", "ninths"), ("tenth", "tenths"),
    ],
    oneOf: ("a ", "one "),
    yearWords: [
      "in", "since", "until", "from", "before", "after", "during", "by", "year", "circa", "january", "february",
      "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "summer",
      "winter", "spring", "autumn", "of", "to", "between", "and", "till",
    ],
    countedWords: [
      "chapter", "part", "act", "volume", "book", "section", "phase", "type", "class", "level", "article", "war",
      "title", "appendix", "figure", "table", "mark",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 40, rulerArticle: "the ")
}
