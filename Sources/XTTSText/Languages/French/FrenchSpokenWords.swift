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
    plus: "plus", rangeWord: "à",
    denominators: [
      ("demi", "demis"), ("tiers", "tiers"), ("quart", "quarts"), ("cinquième", "cinquièmes"),
      ("sixième", "sixièmes"), ("septième", "septièmes"), ("huitième", "huitièmes"), ("neuvième", "neuvièmes"),
      ("dixième", "dixièmes"),
    ],
    oneOf: ("un ", "un "),
    currencies: [
      "$": ("dollar", "dollars"), "£": ("livre", "livres"), "€": ("euro", "euros"), "¥": ("yen", "yens"),
      "₹": ("roupie", "roupies"), "₽": ("rouble", "roubles"), "₩": ("won", "wons"),
      "₺": ("livre turque", "livres turques"), "USD": ("dollar américain", "dollars américains"),
      "EUR": ("euro", "euros"), "GBP": ("livre", "livres"), "JPY": ("yen", "yens"),
      "CHF": ("franc suisse", "francs suisses"), "CAD": ("dollar canadien", "dollars canadiens"),
      "R$": ("réal", "réaux"),
    ],
    multipliers: [
      "million": "million", "millions": "millions", "milliard": "milliard", "milliards": "milliards",
      "mille": "mille", "M": "millions", "Md": "milliards", "Mds": "milliards",
    ],
    multiplierJoint: " de",
    units: [
      "km": ("kilomètre", "kilomètres"), "m": ("mètre", "mètres"), "cm": ("centimètre", "centimètres"),
      "mm": ("millimètre", "millimètres"), "kg": ("kilogramme", "kilogrammes"), "g": ("gramme", "grammes"),
      "mg": ("milligramme", "milligrammes"), "l": ("litre", "litres"), "L": ("litre", "litres"),
      "ml": ("millilitre", "millilitres"), "km/h": ("kilomètre heure", "kilomètres heure"),
      "m/s": ("mètre par seconde", "mètres par seconde"), "°C": ("degré Celsius", "degrés Celsius"),
      "°F": ("degré Fahrenheit", "degrés Fahrenheit"), "m²": ("mètre carré", "mètres carrés"),
      "m³": ("mètre cube", "mètres cubes"), "km²": ("kilomètre carré", "kilomètres carrés"), "h": ("heure", "heures"),
      "min": ("minute", "minutes"), "s": ("seconde", "secondes"), "ms": ("milliseconde", "millisecondes"),
      "ko": ("kilooctet", "kilooctets"), "Mo": ("mégaoctet", "mégaoctets"), "Go": ("gigaoctet", "gigaoctets"),
      "To": ("téraoctet", "téraoctets"), "MB": ("mégaoctet", "mégaoctets"), "GB": ("gigaoctet", "gigaoctets"),
      "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("mégahertz", "mégahertz"),
      "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"),
      "kWh": ("kilowattheure", "kilowattheures"), "V": ("volt", "volts"), "ha": ("hectare", "hectares"),
    ],
    yearWords: [],
    countedWords: [
      "chapitre", "partie", "acte", "volume", "tome", "livre", "section", "phase", "type", "classe", "niveau",
      "article", "guerre", "titre", "tableau", "figure", "annexe",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 1, rulerArticle: "")
}
