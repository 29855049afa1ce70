struct ArabicNumbers: NumberWords {
  private static let ones = [
    "", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة", "أحد عشر", "اثنا عشر",
    "ثلاثة عشر", "أربعة عشر", "خمسة عشر", "ستة عشر", "سبعة عشر", "ثمانية عشر", "تسعة عشر",
  ]
  private static let feminineOnes = [
    "", "إحدى", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر", "إحدى عشرة", "اثنتا عشرة",
    "ثلاث عشرة", "أربع عشرة", "خمس عشرة", "ست عشرة", "سبع عشرة", "ثماني عشرة", "تسع عشرة",
  ]
  private static let ordinals = [
    "", "اول", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر", "حادي عشر", "ثاني عشر",
    "ثالث عشر", "رابع عشر", "خامس عشر", "سادس عشر", "سابع عشر", "ثامن عشر", "تاسع عشر",
  ]
  private static let tens = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
  private static let hundreds = [
    "", "مائة", "مئتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة",
  ]
  private static let maximumDigits = 51

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.isZero { return "صفر" }
    return whole(number, isFeminine: false).map(Self.trimmed)
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    if let value = number.int, value < 20 { return Self.ordinals[value] }
    return whole(number, isFeminine: number.digitCount <= 2).map(Self.trimmed)
  }

  func decimal(_ number: PythonFloat) -> String? {
    let hundredths = Self.hundredths(number)
    let units = DecimalInteger(exactly: number.value)
    if units.isZero, number.value == 0 { return "صفر" }
    guard let head = whole(units, isFeminine: false) else { return nil }
    // The doubled space is num2words'.
    return Self.trimmed(hundredths == 0 ? head : "\(head) , \(Self.fraction(hundredths)) ")
  }

  /// num2words reads every currency as Saudi riyals and halalas.
  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    if number.value == 0 { return "صفر" }
    let units = DecimalInteger(exactly: number.value)
    let hundredths = Self.hundredths(number)
    guard var words = whole(units, isFeminine: false) else { return nil }
    if !units.isZero {
      words += Self.counted(units.last(2), isExactly: units.digitCount == 1, "ريال", "ريالان", "ريالات", "ريالاً")
    }
    if hundredths > 0 {
      words += " و \(Self.fraction(hundredths)) "
      words += Self.counted(hundredths, isExactly: true, "هللة", "هللتان", "هللات", "هللة")
    }
    return words
  }

  private static func counted(
    _ count: Int, isExactly: Bool, _ one: String, _ two: String, _ few: String, _ many: String
  ) -> String {
    switch count {
    case 0, 1: one
    case 2: isExactly ? two : one
    case 3...10: few
    default: many
    }
  }

  /// The first two digits after the point, as num2words cuts them.
  private static func hundredths(_ number: PythonFloat) -> Int {
    let billionths = ((number.value - number.value.rounded(.towardZero)) * 1e9).rounded(.toNearestOrEven)
    return billionths.isFinite && billionths < 1e9 ? Int(billionths) / 10_000_000 : 0
  }

  private static func fraction(_ hundredths: Int) -> String {
    belowHundred(hundredths, feminineOnes)
  }

  /// The words of a number below a hundred before a masculine and before a feminine noun.
  static func both(_ value: Int) -> (masculine: String, feminine: String) {
    (belowHundred(value, ones), belowHundred(value, feminineOnes).replacing(/^ثمان(?=$| )/, with: "ثماني"))
  }

  private static func belowHundred(_ value: Int, _ ones: [String]) -> String {
    if value < 20 { return ones[value] }
    let ten = tens[value / 10]
    return value % 10 == 0 ? ten : "\(ones[value % 10]) و \(ten)"
  }

  /// Groups of three from the lowest up, each put in front of the words so far; spaces as in num2words.
  private func whole(_ number: DecimalInteger, isFeminine: Bool) -> String? {
    guard number.digitCount <= Self.maximumDigits else { return nil }
    var words = ""
    for (level, value) in number.groupsOfThree.reversed().enumerated() where value > 0 {
      if level > 0 {
        if !words.isEmpty { words = "و " + words }
        if value > 2 { words = ArabicScale.word(level, count: value, isLast: words.isEmpty) + " " + words }
      }
      let group = level == 0 ? Self.lowestGroup(value, isFeminine) : Self.group(value, level: level, of: number)
      words = group + " " + words
    }
    return words
  }

  private static func lowestGroup(_ value: Int, _ isFeminine: Bool) -> String {
    withHundreds(value, belowHundred(value % 100, isFeminine ? feminineOnes : ones))
  }

  private static func group(_ value: Int, level: Int, of number: DecimalInteger) -> String {
    switch value % 100 {
    case 2 where value == 2: ArabicScale.two(level, isWholeNumber: number.digits.dropFirst().allSatisfy { $0 == 0 })
    case 1: withHundreds(value, ArabicScale.one(level))
    case let rest: withHundreds(value, belowHundred(rest, ones))
    }
  }

  private static func withHundreds(_ value: Int, _ rest: String) -> String {
    if value < 100 { return rest }
    if value == 200 { return "مئتا" }
    return value % 100 == 0 ? hundreds[value / 100] : "\(hundreds[value / 100]) و \(rest)"
  }

  private static func trimmed(_ words: String) -> String {
    String(Scalars(words).stripped())
  }
}
