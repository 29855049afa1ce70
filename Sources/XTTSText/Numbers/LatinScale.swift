/// The names of large powers of ten that are built from Latin numerals (million, billion … centillion).
struct LatinScale: Sendable {
  /// Stems in order: the first names 10⁶ (short scale: each next one ×10³; long scale: ×10⁶).
  private let stems: [String]

  init(lows: [String], units: [String] = [], tens: [String] = [], hundred: String? = nil) {
    stems = lows + tens.flatMap { ten in units.map { $0 + ten } } + (hundred.map { [$0] } ?? [])
  }

  var count: Int { stems.count }

  subscript(_ index: Int) -> String { stems[index] }

  static let commonUnits = ["", "un", "duo", "tre", "quattuor", "quin", "sex", "sept", "octo", "novem"]
  static let commonTens = [
    "dec", "vigint", "trigint", "quadragint", "quinquagint", "sexagint", "septuagint", "octogint", "nonagint",
  ]
  /// As German and Dutch write them.
  static let germanicUnits = commonUnits.map { $0 == "octo" ? "okto" : $0 }
  static let germanicTens = commonTens.map { $0 == "dec" ? "dez" : $0 == "octogint" ? "oktogint" : $0 }
  static let commonLows = ["m", "b", "tr", "quadr", "quint", "sext", "sept", "oct", "non"]
}
