struct PolishNumbers: NumberWords {
  private static let numerals = SlavicNumerals(
    small: [
      "zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć",
      "jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście",
      "osiemnaście", "dziewiętnaście",
    ],
    tens: [
      "", "", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt",
      "osiemdziesiąt", "dziewięćdziesiąt",
    ],
    hundreds: hundreds,
    scale: [("tysiąc", "tysiące", "tysięcy")]
      + ["mi", "bi", "try", "kwadry", "kwinty", "seksty", "septy", "okty", "nony", "decy"].flatMap { stem in
        ["lion", "liard"].map { (stem + $0, stem + $0 + "y", stem + $0 + "ów") }
      })
  private static let hundreds = [
    "", "sto", "dwieście", "trzysta", "czterysta", "pięćset", "sześćset", "siedemset", "osiemset", "dziewięćset",
  ]
  /// Ordinals and, for "two-thousandth", what they become in front of a power.
  private static let ordinals = [
    ("", ""), ("pierwszy", "pierwszo"), ("drugi", "dwu"), ("trzeci", "trzy"), ("czwarty", "cztero"),
    ("piąty", "pięcio"), ("szósty", "sześcio"), ("siódmy", "siedmio"), ("ósmy", "ośmio"), ("dziewiąty", "dziewięcio"),
    ("dziesiąty", "dziesięcio"), ("jedenasty", "jedenasto"), ("dwunasty", "dwunasto"), ("trzynasty", "trzynasto"),
    ("czternasty", "czternasto"), ("piętnasty", "piętnasto"), ("szesnasty", "szesnasto"),
    ("siedemnasty", "siedemnasto"), ("osiemnasty", "osiemnasto"), ("dziewiętnasty", "dziewiętnasto"),
  ]
  private static let ordinalTens = [
    ("", ""), ("", ""), ("dwudziesty", "dwudziesto"), ("trzydziesty", "trzydiesto"), ("czterdziesty", "czterdziesto"),
    ("pięćdziesiąty", "pięćdziesięcio"), ("sześćdziesiąty", "sześćdziesięcio"),
    ("siedemdziesiąty", "siedemdziesięcio"), ("osiemdziesiąty", "osiemdziesięcio"),
    ("dziewięćdziesiąty", "dziewięćdziesięcio"),
  ]
  private static let ordinalHundreds = [
    ("", ""), ("setny", "stu"), ("dwusetny", "dwustu"), ("trzysetny", "trzystu"), ("czterysetny", "czterystu"),
    ("pięćsetny", "pięcset"), ("sześćsetny", "sześćset"), ("siedemsetny", "siedemset"), ("osiemsetny", "ośiemset"),
    ("dziewięćsetny", "dziewięćset"),
  ]
  private static let ordinalPowers = ["", "tysięczny", "milionowy", "milairdowy"]

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    Self.numerals.cardinal(number)
  }

  func decimal(_ number: PythonFloat) -> String? {
    Self.numerals.decimal(number, point: "przecinek")
  }

  /// num2words makes only the last non-zero group an ordinal, and has no word for some of them before a power.
  func ordinal(_ number: DecimalInteger) -> String? {
    var groups = number.groupsOfThree
    var level = 0
    while groups.last == 0 {
      groups.removeLast()
      level += 1
    }
    guard let last = groups.popLast(), level < Self.ordinalPowers.count else { return nil }
    var words: [String] = []
    if !groups.isEmpty {
      let zeros = Array(repeating: UInt8(0), count: 3 * (level + 1))
      let head = DecimalInteger(digits: number.digits.dropLast(zeros.count) + zeros)
      guard let headWords = cardinal(head) else { return nil }
      words.append(headWords)
    }
    guard let lastWords = lastGroup(last, beforePower: level > 0) else { return nil }
    let output = (words + lastWords).joined(separator: " ")
    return output + (last == 1 && level > 0 && !output.isEmpty ? " " : "") + Self.ordinalPowers[level]
  }

  private func lastGroup(_ value: Int, beforePower: Bool) -> [String]? {
    func form(_ forms: (String, String)) -> String { beforePower ? forms.1 : forms.0 }
    let (hundred, rest) = (value / 100, value % 100)
    let hundredWords = hundred > 0 ? [Self.hundreds[hundred]] : []
    if rest == 0 { return [form(Self.ordinalHundreds[hundred])] }
    if beforePower, value == 1 { return [] }
    if rest < 20 || rest % 10 == 0 {
      if beforePower, hundred > 0 { return nil }
      return hundredWords + [form(rest < 20 ? Self.ordinals[rest] : Self.ordinalTens[rest / 10])]
    }
    return hundredWords + [Self.ordinalTens[rest / 10].0, Self.ordinals[rest % 10].0]
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let unit: (String, String, String)
    switch currency {
    case .euro: unit = ("euro", "euro", "euro")
    case .usDollar: unit = ("dolar amerykański", "dolary amerykańskie", "dolarów amerykańskich")
    case .poundSterling: return nil
    }
    return amountInUnitsAndCents(
      number, separator: ",", unit: { SlavicNumerals.plural($0, unit.0, unit.1, unit.2) },
      cent: { SlavicNumerals.plural($0, "cent", "centy", "centów") })
  }
}
