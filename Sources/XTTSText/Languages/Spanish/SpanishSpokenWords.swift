extension SpokenWords {
  static let spanish = SpokenWords(
    language: .spanish, numbers: SpanishNumbers(),
    months: [
      "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
      "diciembre",
    ],
    datePattern: "# de @ de %", firstOfMonth: "primero", monthFirst: false,
    timePattern: "# y %", fullHourPattern: "# en punto", hourWords: ["h", "hs", "horas"],
    webWords: [
      "punto", "barra", "guion", "guion bajo", "arroba", "dos puntos", "interrogación", "igual", "y", "almohadilla",
      "virgulilla", "más", "por ciento",
    ],
    plus: "más", rangeWord: "a",
    denominators: [
      ("medio", "medios"), ("tercio", "tercios"), ("cuarto", "cuartos"), ("quinto", "quintos"), ("sexto", "sextos"),
      ("séptimo", "séptimos"), ("octavo", "octavos"), ("noveno", "novenos"), ("décimo", "décimos"),
    ],
    oneOf: ("", "un "),
    currencies: [
      "$": ("dólar", "dólares"), "£": ("libra", "libras"), "€": ("euro", "euros"), "¥": ("yen", "yenes"),
      "₹": ("rupia", "rupias"), "₽": ("rublo", "rublos"), "₩": ("won", "wones"), "₺": ("lira", "liras"),
      "USD": ("dólar estadounidense", "dólares estadounidenses"), "EUR": ("euro", "euros"),
      "GBP": ("libra", "libras"), "JPY": ("yen", "yenes"), "CHF": ("franco suizo", "francos suizos"),
      "MXN": ("peso mexicano", "pesos mexicanos"), "ARS": ("peso argentino", "pesos argentinos"),
      "COP": ("peso colombiano", "pesos colombianos"), "R$": ("real", "reales"),
    ],
    multipliers: [
      "millón": "millón", "millones": "millones", "mil": "mil", "billones": "billones", "mill": "millones",
      "M": "millones",
    ],
    multiplierJoint: " de",
    units: [
      "km": ("kilómetro", "kilómetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"),
      "mm": ("milímetro", "milímetros"), "kg": ("kilogramo", "kilogramos"), "g": ("gramo", "gramos"),
      "mg": ("miligramo", "miligramos"), "l": ("litro", "litros"), "L": ("litro", "litros"),
      "ml": ("mililitro", "mililitros"), "km/h": ("kilómetro por hora", "kilómetros por hora"),
      "m/s": ("metro por segundo", "metros por segundo"), "°C": ("grado Celsius", "grados Celsius"),
      "°F": ("grado Fahrenheit", "grados Fahrenheit"), "m²": ("metro cuadrado", "metros cuadrados"),
      "m³": ("metro cúbico", "metros cúbicos"), "km²": ("kilómetro cuadrado", "kilómetros cuadrados"),
      "h": ("hora", "horas"), "min": ("minuto", "minutos"), "s": ("segundo", "segundos"),
      "ms": ("milisegundo", "milisegundos"), "kB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"),
      "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"), "Hz": ("hercio", "hercios"),
      "kHz": ("kilohercio", "kilohercios"), "MHz": ("megahercio", "megahercios"),
      "GHz": ("gigahercio", "gigahercios"), "W": ("vatio", "vatios"), "kW": ("kilovatio", "kilovatios"),
      "kWh": ("kilovatio hora", "kilovatios hora"), "V": ("voltio", "voltios"), "ha": ("hectárea", "hectáreas"),
    ],
    yearWords: [],
    countedWords: [
      "siglos",
      "siglo", "capítulo", "parte", "acto", "volumen", "tomo", "libro", "sección", "fase", "tipo", "clase", "nivel",
      "artículo", "guerra", "título", "tabla", "figura",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 10, rulerArticle: "")
}
