extension SpokenWords {
  static let italian = SpokenWords(
    language: .italian, numbers: ItalianNumbers(),
    months: [
      "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
      "novembre", "dicembre",
    ],
    datePattern: "# @ %", firstOfMonth: "primo", monthFirst: false,
    timePattern: "# e %", fullHourPattern: "# in punto", hourWords: ["h", "ore"],
    webWords: [
      "punto", "barra", "trattino", "trattino basso", "chiocciola", "due punti", "punto interrogativo", "uguale", "e",
      "cancelletto", "tilde", "più", "per cento",
    ],
    plus: "più", rangeWord: "a",
    denominators: [
      ("mezzo", "mezzi"), ("terzo", "terzi"), ("quarto", "quarti"), ("quinto", "quinti"), ("sesto", "sesti"),
      ("settimo", "settimi"), ("ottavo", "ottavi"), ("nono", "noni"), ("decimo", "decimi"),
    ],
    oneOf: ("", "un "),
    currencies: [
      "$": ("dollaro", "dollari"), "£": ("sterlina", "sterline"), "€": ("euro", "euro"), "¥": ("yen", "yen"),
      "₹": ("rupia", "rupie"), "₽": ("rublo", "rubli"), "₩": ("won", "won"), "₺": ("lira turca", "lire turche"),
      "USD": ("dollaro americano", "dollari americani"), "EUR": ("euro", "euro"), "GBP": ("sterlina", "sterline"),
      "JPY": ("yen", "yen"), "CHF": ("franco svizzero", "franchi svizzeri"), "R$": ("real", "real"),
    ],
    multipliers: [
      "milione": "milione", "milioni": "milioni", "miliardo": "miliardo", "miliardi": "miliardi", "mila": "mila",
      "mln": "milioni", "mld": "miliardi",
    ],
    multiplierJoint: " di",
    units: [
      "km": ("chilometro", "chilometri"), "m": ("metro", "metri"), "cm": ("centimetro", "centimetri"),
      "mm": ("millimetro", "millimetri"), "kg": ("chilogrammo", "chilogrammi"), "g": ("grammo", "grammi"),
      "mg": ("milligrammo", "milligrammi"), "l": ("litro", "litri"), "L": ("litro", "litri"),
      "ml": ("millilitro", "millilitri"), "km/h": ("chilometro orario", "chilometri orari"),
      "m/s": ("metro al secondo", "metri al secondo"), "°C": ("grado Celsius", "gradi Celsius"),
      "°F": ("grado Fahrenheit", "gradi Fahrenheit"), "m²": ("metro quadrato", "metri quadrati"),
      "m³": ("metro cubo", "metri cubi"), "km²": ("chilometro quadrato", "chilometri quadrati"), "h": ("ora", "ore"),
      "min": ("minuto", "minuti"), "s": ("secondo", "secondi"), "ms": ("millisecondo", "millisecondi"),
      "kB": ("kilobyte", "kilobyte"), "MB": ("megabyte", "megabyte"), "GB": ("gigabyte", "gigabyte"),
      "TB": ("terabyte", "terabyte"), "Hz": ("hertz", "hertz"), "kHz": ("chilohertz", "chilohertz"),
      "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watt"),
      "kW": ("chilowatt", "chilowatt"), "kWh": ("chilowattora", "chilowattora"), "V": ("volt", "volt"),
      "ha": ("ettaro", "ettari"),
    ],
    yearWords: [],
    countedWords: [
      "parte", "volume", "tomo", "libro", "fase", "tipo", "classe", "livello", "tabella", "figura",
    ],
    ordinalWords: [
      "secolo", "capitolo", "atto", "articolo", "titolo",
    ],
    highestRulerOrdinal: 40, rulerArticle: "")
}
