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
    plus: "plus", rangeWord: "bis",
    denominators: [
      ("halb", "halbe"), ("drittel", "drittel"), ("viertel", "viertel"), ("fünftel", "fünftel"),
      ("sechstel", "sechstel"), ("siebtel", "siebtel"), ("achtel", "achtel"), ("neuntel", "neuntel"),
      ("zehntel", "zehntel"),
    ],
    oneOf: ("ein ", "ein "),
    currencies: [
      "$": ("Dollar", "Dollar"), "£": ("Pfund", "Pfund"), "€": ("Euro", "Euro"), "¥": ("Yen", "Yen"),
      "₹": ("Rupie", "Rupien"), "₽": ("Rubel", "Rubel"), "₩": ("Won", "Won"), "₺": ("Lira", "Lira"),
      "USD": ("US-Dollar", "US-Dollar"), "EUR": ("Euro", "Euro"), "GBP": ("Pfund", "Pfund"), "JPY": ("Yen", "Yen"),
      "CHF": ("Schweizer Franken", "Schweizer Franken"), "PLN": ("Zloty", "Zloty"), "R$": ("Real", "Real"),
    ],
    multipliers: [
      "million": "Million", "millionen": "Millionen", "milliarde": "Milliarde", "milliarden": "Milliarden",
      "tausend": "tausend", "Mio": "Millionen", "Mrd": "Milliarden", "Tsd": "tausend",
    ],
    multiplierJoint: "",
    units: [
      "km": ("Kilometer", "Kilometer"), "m": ("Meter", "Meter"), "cm": ("Zentimeter", "Zentimeter"),
      "mm": ("Millimeter", "Millimeter"), "kg": ("Kilogramm", "Kilogramm"), "g": ("Gramm", "Gramm"),
      "mg": ("Milligramm", "Milligramm"), "l": ("Liter", "Liter"), "L": ("Liter", "Liter"),
      "ml": ("Milliliter", "Milliliter"), "km/h": ("Stundenkilometer", "Stundenkilometer"),
      "m/s": ("Meter pro Sekunde", "Meter pro Sekunde"), "°C": ("Grad Celsius", "Grad Celsius"),
      "°F": ("Grad Fahrenheit", "Grad Fahrenheit"), "m²": ("Quadratmeter", "Quadratmeter"),
      "m³": ("Kubikmeter", "Kubikmeter"), "km²": ("Quadratkilometer", "Quadratkilometer"), "h": ("Stunde", "Stunden"),
      "min": ("Minute", "Minuten"), "Min": ("Minute", "Minuten"), "s": ("Sekunde", "Sekunden"),
      "ms": ("Millisekunde", "Millisekunden"), "kB": ("Kilobyte", "Kilobyte"), "MB": ("Megabyte", "Megabyte"),
      "GB": ("Gigabyte", "Gigabyte"), "TB": ("Terabyte", "Terabyte"), "Hz": ("Hertz", "Hertz"),
      "kHz": ("Kilohertz", "Kilohertz"), "MHz": ("Megahertz", "Megahertz"), "GHz": ("Gigahertz", "Gigahertz"),
      "W": ("Watt", "Watt"), "kW": ("Kilowatt", "Kilowatt"), "kWh": ("Kilowattstunde", "Kilowattstunden"),
      "V": ("Volt", "Volt"), "ha": ("Hektar", "Hektar"),
    ],
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
