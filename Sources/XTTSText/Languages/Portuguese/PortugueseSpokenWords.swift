extension SpokenWords {
  static let portuguese = SpokenWords(
    language: .portuguese, numbers: PortugueseNumbers(),
    months: [
      "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
      "dezembro",
    ],
    datePattern: "# de @ de %", firstOfMonth: "primeiro", monthFirst: false,
    timePattern: "# e %", fullHourPattern: "# em ponto", hourWords: ["h", "horas", "hs"],
    webWords: [
      "ponto", "barra", "hífen", "sublinhado", "arroba", "dois pontos", "interrogação", "igual", "e", "cardinal",
      "til", "mais", "por cento",
    ],
    plus: "mais", rangeWord: "a",
    denominators: [
      ("meio", "meios"), ("terço", "terços"), ("quarto", "quartos"), ("quinto", "quintos"), ("sexto", "sextos"),
      ("sétimo", "sétimos"), ("oitavo", "oitavos"), ("nono", "nonos"), ("décimo", "décimos"),
    ],
    oneOf: ("", "um "),
    currencies: [
      "$": ("dólar", "dólares"), "£": ("libra", "libras"), "€": ("euro", "euros"), "¥": ("iene", "ienes"),
      "₹": ("rupia", "rupias"), "₽": ("rublo", "rublos"), "₩": ("won", "wons"), "₺": ("lira", "liras"),
      "R$": ("real", "reais"), "USD": ("dólar americano", "dólares americanos"), "EUR": ("euro", "euros"),
      "GBP": ("libra", "libras"), "JPY": ("iene", "ienes"), "CHF": ("franco suíço", "francos suíços"),
      "BRL": ("real", "reais"),
    ],
    multipliers: [
      "milhão": "milhão", "milhões": "milhões", "mil": "mil", "bilhão": "bilhão", "bilhões": "bilhões",
      "bilião": "bilião", "biliões": "biliões", "mi": "milhões", "bi": "bilhões",
    ],
    multiplierJoint: " de",
    units: [
      "km": ("quilómetro", "quilómetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"),
      "mm": ("milímetro", "milímetros"), "kg": ("quilograma", "quilogramas"), "g": ("grama", "gramas"),
      "mg": ("miligrama", "miligramas"), "l": ("litro", "litros"), "L": ("litro", "litros"),
      "ml": ("mililitro", "mililitros"), "km/h": ("quilómetro por hora", "quilómetros por hora"),
      "m/s": ("metro por segundo", "metros por segundo"), "°C": ("grau Celsius", "graus Celsius"),
      "°F": ("grau Fahrenheit", "graus Fahrenheit"), "m²": ("metro quadrado", "metros quadrados"),
      "m³": ("metro cúbico", "metros cúbicos"), "km²": ("quilómetro quadrado", "quilómetros quadrados"),
      "h": ("hora", "horas"), "min": ("minuto", "minutos"), "s": ("segundo", "segundos"),
      "ms": ("milissegundo", "milissegundos"), "kB": ("quilobyte", "quilobytes"), "MB": ("megabyte", "megabytes"),
      "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"), "Hz": ("hertz", "hertz"),
      "kHz": ("quilohertz", "quilohertz"), "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
      "W": ("watt", "watts"), "kW": ("quilowatt", "quilowatts"), "kWh": ("quilowatt hora", "quilowatts hora"),
      "V": ("volt", "volts"), "ha": ("hectare", "hectares"),
    ],
    yearWords: [],
    countedWords: [
      "séc",
      "século", "capítulo", "parte", "ato", "acto", "volume", "tomo", "livro", "secção", "seção", "fase", "tipo",
      "classe", "nível", "artigo", "guerra", "título", "tabela", "figura",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 10, rulerArticle: "")
}
