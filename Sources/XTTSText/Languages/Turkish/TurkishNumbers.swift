struct TurkishNumbers: NumberWords {
  private static let ones = ["", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
  private static let tens = ["", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"]
  private static let scale = ["", "bin", "milyon", "milyar", "trilyon", "katrilyon", "kentilyon"]
  private static let ordinalOnes = [
    "", "birinci", "ikinci", "üçüncü", "dördüncü", "beşinci", "altıncı", "yedinci", "sekizinci", "dokuzuncu",
  ]
  private static let ordinalTens = [
    "", "onuncu", "yirminci", "otuzuncu", "kırkıncı", "ellinci", "altmışıncı", "yetmişinci", "sekseninci",
    "doksanıncı",
  ]
  private static let ordinalScale = [
    "", "bininci", "milyonuncu", "milyarıncı", "trilyonuncu", "katrilyonuncu", "kentilyon",
  ]

  let centsSeparator = ", "
  /// False to leave out what num2words loses in numbers of six digits and more: the one of `691 000`, and single units
  /// before millions.
  var isExact = false

  func cardinal(_ number: DecimalInteger) -> String? {
    number.isZero ? "sıfır" : words(number, isOrdinal: false)
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    number.isZero ? "sıfırıncı" : words(number, isOrdinal: true)
  }

  /// Upstream reads no Turkish decimals; the extended rules do.
  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "virgül")
  }

  /// num2words' Turkish takes no currency, so upstream leaves the sign to be read on its own.
  func amount(_ number: PythonFloat, _ currency: Currency) -> String? { nil }

  private func words(_ number: DecimalInteger, isOrdinal: Bool) -> String? {
    let groups = number.groupsOfThree
    guard groups.count <= Self.scale.count else { return nil }
    let lastNonZero = groups.lastIndex { $0 > 0 } ?? 0
    var words = ""
    for (index, value) in groups.enumerated() where value > 0 {
      let power = groups.count - 1 - index
      let isLast = index == lastNonZero
      let saysOnes =
        index == 0
        ? saysLeadingOnes(number, value: value, power: power, isLast: isLast)
        : saysInnerOnes(value, power: power, isLast: isLast, isOrdinal: isOrdinal)
      if power == 0, isOrdinal {
        words += Self.ordinalGroup(value)
      } else {
        words += Self.group(value, saysOnes: saysOnes)
        if power > 0 { words += isOrdinal && isLast ? Self.ordinalScale[power] : Self.scale[power] }
      }
    }
    return words
  }

  /// `bin`, not `birbin`; num2words leaves the one out of `101 001` too.
  private func saysLeadingOnes(_ number: DecimalInteger, value: Int, power: Int, isLast: Bool) -> Bool {
    guard power == 1, value % 10 == 1 else { return true }
    if isExact { return value > 1 }
    return value > 1 && (value < 100 || isLast)
  }

  private func saysInnerOnes(_ value: Int, power: Int, isLast: Bool, isOrdinal: Bool) -> Bool {
    guard power > 0, value < 10 else { return true }
    if isExact { return power > 1 || value > 1 }
    if isLast { return power > 1 || value > 1 }
    // num2words loses a lone unit before millions and above in cardinals.
    return isOrdinal || power == 1 ? value > 1 : false
  }

  private static func hundred(_ value: Int) -> String {
    let digit = value / 100
    return digit == 0 ? "" : (digit == 1 ? "" : ones[digit]) + "yüz"
  }

  private static func group(_ value: Int, saysOnes: Bool) -> String {
    hundred(value) + tens[value / 10 % 10] + (saysOnes ? ones[value % 10] : "")
  }

  private static func ordinalGroup(_ value: Int) -> String {
    if value % 100 == 0 { return hundred(value) + "üncü" }
    if value % 10 == 0 { return hundred(value) + ordinalTens[value / 10 % 10] }
    return hundred(value) + tens[value / 10 % 10] + ordinalOnes[value % 10]
  }
}
