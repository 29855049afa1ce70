/// Clock times in Arabic: the hour is a feminine ordinal, quarters and halves have words.
enum ArabicClock {
  private static let hours = [
    "الثانية عشرة", "الواحدة", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة", "السابعة", "الثامنة", "التاسعة",
    "العاشرة", "الحادية عشرة", "الثانية عشرة", "الثالثة عشرة", "الرابعة عشرة", "الخامسة عشرة", "السادسة عشرة",
    "السابعة عشرة", "الثامنة عشرة", "التاسعة عشرة", "العشرون", "الحادية والعشرون", "الثانية والعشرون",
    "الثالثة والعشرون", "الرابعة والعشرون",
  ]

  static func spoken(_ hours: Int, _ minutes: Int, _ cardinal: (Int) -> String) -> String? {
    guard Self.hours.indices.contains(hours) else { return nil }
    switch minutes {
    case 0: return Self.hours[hours]
    case 15: return Self.hours[hours] + " والربع"
    case 30: return Self.hours[hours] + " والنصف"
    case 45 where hours < 24: return Self.hours[hours + 1] + " إلا ربعا"
    default: return Self.hours[hours] + " و" + cardinal(minutes) + ((3...10).contains(minutes) ? " دقائق" : " دقيقة")
    }
  }
}
