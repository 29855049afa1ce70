/// Thousand, million … in Arabic: singular, dual, the dual before a noun, plural for 3–10 and the accusative above.
enum ArabicScale {
  private static let names = [
    "مائة", "ألف", "مليون", "مليار", "تريليون", "كوادريليون", "كوينتليون", "سكستيليون", "سبتيليون", "أوكتيليون",
    "نونيليون", "ديسيليون", "أندسيليون", "دوديسيليون", "تريديسيليون", "كوادريسيليون", "كوينتينيليون",
  ]
  private static let plurals = [
    "", "آلاف", "ملايين", "مليارات", "تريليونات", "كوادريليونات", "كوينتليونات", "سكستيليونات", "سبتيليونات",
    "أوكتيليونات", "نونيليونات", "ديسيليونات", "أندسيليونات", "دوديسيليونات", "تريديسيليونات", "كوادريسيليونات",
    "كوينتينيليونات",
  ]
  /// Where num2words' dual has a space after it.
  private static let spacedTwos: Set<Int> = [9, 10]
  private static let spacedAppendedTwos: Set<Int> = [9]

  static func one(_ level: Int) -> String { names[level] }

  static func two(_ level: Int, isWholeNumber: Bool) -> String {
    isWholeNumber
      ? names[level] + "ا" + (spacedAppendedTwos.contains(level) ? " " : "")
      : names[level] + "ان" + (spacedTwos.contains(level) ? " " : "")
  }

  static func word(_ level: Int, count: Int, isLast: Bool) -> String {
    if count % 100 == 1 { return names[level] }
    if (3...10).contains(count) { return plurals[level] }
    return isLast ? names[level] : names[level] + "اً"
  }
}
