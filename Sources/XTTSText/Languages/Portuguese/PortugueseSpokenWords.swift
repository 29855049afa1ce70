extension SpokenWords {
  static let portuguese = SpokenWords(
    language: .portuguese, numbers: PortugueseNumbers(),
    months: [
      "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
      "dezembro",
    ],
    datePattern: "# de @ de %", firstOfMonth: "primeiro", monthFirst: false,
    timePattern: "# e %", fullHourPattern: "# horas", hourWords: ["h", "horas", "hs"],
    webWords: [
      "ponto", "barra", "hífen", "sublinhado", "arroba", "dois pontos", "interrogação", "igual", "e", "cardinal",
      "til", "mais", "por cento",
    ],
    denominators: [
      ("meio", "meios"), ("terço", "terços"), ("quarto", "quartos"), ("quinto", "quintos"), ("sexto", "sextos"),
      ("sétimo", "sétimos"), ("oitavo", "oitavos"), ("nono", "nonos"), ("décimo", "décimos"),
    ],
    oneOf: ("", "um "),
    yearWords: [],
    countedWords: [
      "séc",
      "século", "capítulo", "parte", "ato", "acto", "volume", "tomo", "livro", "secção", "seção", "fase", "tipo",
      "classe", "nível", "artigo", "guerra", "título", "tabela", "figura",
    ],
    ordinalWords: [],
    highestRulerOrdinal: 10, rulerArticle: "")
}
