extension SpokenWords {
  static let french = SpokenWords(
    language: .french, numbers: FrenchNumbers(),
    months: [
      "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
      "décembre",
    ],
    datePattern: "# @ %", firstOfMonth: "premier", monthFirst: false,
    timePattern: "# heures %", fullHourPattern: "# heures", hourWords: ["h", "heures", "heure"],
    webWords: [
      "point", "slash", "tiret", "tiret bas", "arobase", "deux points", "point d'interrogation", "égal", "et",
      "dièse", "tilde", "plus", "pour cent",
    ],
    denominators: [
      ("demi", "demis"), ("tiers", "tiers"), ("quart", "quarts"), ("cinquième", "cinquièmes"),
      ("sixième", "sixièmes"), ("septième", "septièmes"), ("huitième", "huitièmes"), ("neuvième", "neuvièmes"),
      ("dixième", "dixièmes"),
    ],
    oneOf: ("un ", "un "),
    yearWords: [],
    countedWords: [
      "chapitre", "partie", "acte", "volume", "tome", "livre", "section", "phase", "type", "classe", "niveau",
      "article", "guerre", "titre", "tableau", "figure", "annexe",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 1, rulerArticle: "")
}
