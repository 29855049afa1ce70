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
    plus: "plus", rangeWord: "to",
    denominators: [
      ("half", "halves"), ("third", "thirds"), ("quarter", "quarters"), ("fifth", "fifths"), ("sixth", "sixths"),
      ("seventh", "sevenths"), ("eighth", "eighths"), ("ninth", "ninths"), ("tenth", "tenths"),
    ],
    oneOf: ("a ", "one "),
    currencies: [
      "$": ("dollar", "dollars"), "£": ("pound", "pounds"), "€": ("euro", "euros"), "¥": ("yen", "yen"),
      "₹": ("rupee", "rupees"), "₽": ("rouble", "roubles"), "₩": ("won", "won"), "₺": ("lira", "lira"),
      "₴": ("hryvnia", "hryvnias"), "฿": ("baht", "baht"), "USD": ("US dollar", "US dollars"),
      "EUR": ("euro", "euros"), "GBP": ("pound", "pounds"), "JPY": ("yen", "yen"),
      "CHF": ("Swiss franc", "Swiss francs"), "CAD": ("Canadian dollar", "Canadian dollars"),
      "AUD": ("Australian dollar", "Australian dollars"), "PLN": ("zloty", "zlotys"), "R$": ("real", "reais"),
    ],
    multipliers: [
      "million": "million", "billion": "billion", "trillion": "trillion", "thousand": "thousand", "m": "million",
      "bn": "billion", "k": "thousand", "mn": "million", "tn": "trillion", "M": "million", "B": "billion",
      "K": "thousand",
    ],
    multiplierJoint: "",
    units: [
      "km": ("kilometre", "kilometres"), "m": ("metre", "metres"), "cm": ("centimetre", "centimetres"),
      "mm": ("millimetre", "millimetres"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
      "mg": ("milligram", "milligrams"), "l": ("litre", "litres"), "L": ("litre", "litres"),
      "ml": ("millilitre", "millilitres"), "km/h": ("kilometre per hour", "kilometres per hour"),
      "m/s": ("metre per second", "metres per second"), "mph": ("mile per hour", "miles per hour"),
      "mi": ("mile", "miles"), "ft": ("foot", "feet"), "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"),
      "oz": ("ounce", "ounces"), "°C": ("degree Celsius", "degrees Celsius"),
      "°F": ("degree Fahrenheit", "degrees Fahrenheit"), "°": ("degree", "degrees"),
      "m²": ("square metre", "square metres"), "m³": ("cubic metre", "cubic metres"),
      "km²": ("square kilometre", "square kilometres"), "h": ("hour", "hours"), "min": ("minute", "minutes"),
      "s": ("second", "seconds"), "ms": ("millisecond", "milliseconds"), "kB": ("kilobyte", "kilobytes"),
      "KB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"),
      "TB": ("terabyte", "terabytes"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
      "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watts"),
      "kW": ("kilowatt", "kilowatts"), "kWh": ("kilowatt hour", "kilowatt hours"), "V": ("volt", "volts"),
      "ha": ("hectare", "hectares"),
    ],
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
