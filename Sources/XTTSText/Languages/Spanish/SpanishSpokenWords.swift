extension SpokenWords {
  static let spanish = SpokenWords(
    language: .spanish, numbers: SpanishNumbers(),
    months: [
      "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
      "diciembre",
    ],
    datePattern: "# de @ de %", firstOfMonth: "primero", monthFirst: false,
    timePattern: "# y %", fullHourPattern: "# horas", hourWords: ["h", "hs", "horas"],
    webWords: [
      "punto", "barra", "guion", "guion bajo", "arroba", "dos puntos", "interrogación", "igual", "y", "almohadilla",
      "virgulilla", "más", "por ciento",
    ],
    denominators: [
      ("medio", "medios"), ("tercio", "tercios"), ("cuarto", "cuartos"), ("quinto", "quintos"), ("sexto", "sextos"),
      ("séptimo", "séptimos"), ("octavo", "octavos"), ("noveno", "novenos"), ("décimo", "décimos"),
    ],
    oneOf: ("", "un "),
    yearWords: [],
    countedWords: [
      "siglos", "s",
      "siglo", "capítulo", "parte", "acto", "volumen", "tomo", "libro", "sección", "fase", "tipo", "clase", "nivel",
      "artículo", "guerra", "título", "tabla", "figura",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 10, rulerArticle: "")
}
