import SpeechCore

/// Clock times in the words of one language.
struct ClockWords: Sendable {
  let language: Language
  let numbers: (any NumberWords)?

  struct Patterns: Sendable {
    /// `#` hours, `%` minutes.
    var time: String
    var fullHour: String
    /// The word for a zero before minutes below ten; nil where it is not said.
    var zero: String?
    /// Words after a time that the patterns already say.
    var after: Set<String> = []
    /// Words before hours and minutes with a full stop between them.
    var before: Set<String> = []
    var seconds: String?
  }

  static let table: [Language: Patterns] = [
    .english: Patterns(time: "# %", fullHour: "# o'clock", zero: "oh", after: ["h"], seconds: "seconds"),
    .spanish: Patterns(
      time: "# y %", fullHour: "# horas", after: ["h", "hs", "horas"], before: ["las"], seconds: "segundos"),
    .french: Patterns(
      time: "# heures %", fullHour: "# heures", after: ["h", "heures", "heure"], seconds: "secondes"),
    .german: Patterns(time: "# Uhr %", fullHour: "# Uhr", after: ["uhr", "h"], seconds: "Sekunden"),
    .italian: Patterns(
      time: "# e %", fullHour: "#", after: ["h", "ore"], before: ["alle", "dalle", "ore"], seconds: "secondi"),
    .portuguese: Patterns(
      time: "# e %", fullHour: "# horas", after: ["h", "horas", "hs"], before: ["às"], seconds: "segundos"),
    .russian: Patterns(time: "# %", fullHour: "# ноль-ноль", zero: "ноль", before: ["в"], seconds: "секунд"),
    .polish: Patterns(
      time: "# %", fullHour: "#", zero: "zero", before: ["o", "godz", "godzinie", "godziny"], seconds: "sekund"),
    .czech: Patterns(
      time: "# %", fullHour: "# hodin", zero: "nula", after: ["hod", "hodin", "h"], before: ["v", "ve"],
      seconds: "sekund"),
    .turkish: Patterns(time: "# %", fullHour: "#", zero: "sıfır", before: ["saat"], seconds: "saniye"),
    .dutch: Patterns(time: "# uur %", fullHour: "# uur", after: ["uur", "u"], before: ["om"], seconds: "seconden"),
    .hungarian: Patterns(time: "# óra % perc", fullHour: "# óra", seconds: "másodperc"),
    .chinese: Patterns(time: "#点%分", fullHour: "#点整", zero: "零", seconds: "秒"),
    .japanese: Patterns(time: "#時%分", fullHour: "#時", seconds: "秒"),
    .korean: Patterns(time: "#시 %분", fullHour: "#시", seconds: "초"),
    .arabic: Patterns(time: "# و%", fullHour: "#", seconds: "ثانية"),
    .hindi: Patterns(time: "# बजकर % मिनट", fullHour: "# बजे", after: ["बजे"], seconds: "सेकंड"),
  ]

  /// - Parameter before: the word before the time, in lower case.
  func spoken(_ hours: Int, _ minutes: Int, _ seconds: Int?, after before: String) -> String? {
    guard let patterns = Self.table[language] else { return nil }
    guard let seconds, seconds > 0 || minutes > 0 else { return time(hours, minutes, patterns, before) }
    return time(hours, minutes, patterns, before).map { "\($0), \(said(seconds)) \(patterns.seconds ?? "")" }
  }

  private func time(_ hours: Int, _ minutes: Int, _ patterns: Patterns, _ before: String) -> String? {
    if language == .arabic { return arabic(hours, minutes) }
    if language == .hindi, let quarter = hindiQuarter(hours, minutes) { return quarter }
    var pattern = minutes > 0 ? patterns.time : patterns.fullHour
    switch language {
    case .english where hours > 12 && minutes == 0: pattern = "# hundred"
    case .french where hours < 2: pattern = pattern.replacing("heures", with: "heure")
    case .japanese:
      let hour = JapaneseNumerals.irregular(hours, "時") ?? said(hours) + "時"
      return hour + (minutes == 0 ? "" : JapaneseNumerals.irregular(minutes, "分") ?? said(minutes) + "分")
    case .spanish where before == "las" || before == "la": pattern = minutes > 0 ? pattern : "#"
    default: break
    }
    let minute = (minutes < 10 ? patterns.zero.map { $0 + " " } ?? "" : "") + said(minutes)
    return pattern.replacing("#", with: hour(hours, after: before)).replacing("%", with: minute)
  }

  private func hour(_ hours: Int, after before: String) -> String {
    switch (language, hours) {
    case (.german, 1): return "ein"
    case (.french, 1): return "une"
    case (.spanish, 1), (.italian, 1): return "una"
    case (.portuguese, 1): return "uma"
    case (.portuguese, 2): return "duas"
    case (.portuguese, 21): return "vinte e uma"
    case (.portuguese, 22): return "vinte e duas"
    case (.spanish, 21): return "veintiuna"
    case (.french, 21): return "vingt et une"
    case (.chinese, 2): return "两"
    case (.korean, 1...12): return KoreanNumbers.native(hours) ?? said(hours)
    case (.polish, _):
      guard let words = numbers?.ordinal(DecimalInteger(hours)) else { return said(hours) }
      return (Self.polishPrepositions.contains(before) ? OrdinalForm.feminine : .nominativeFeminine)
        .inflect(words, language)
    case (.russian, _):
      return NumberCase(language: language, before: before == "с" ? "от" : before).map {
        $0.inflect(said(hours), language)
      } ?? said(hours)
    default: return said(hours)
    }
  }

  private static let polishPrepositions: Set<String> = [
    "o", "od", "do", "po", "przed", "około", "godz", "godzinie", "godziny", "-", "–",
  ]

  /// In words where a full stop after digits would make them an ordinal.
  private func said(_ value: Int) -> String {
    switch language {
    case .japanese: JapaneseNumerals.cardinal(DecimalInteger(value)) ?? String(value)
    case .chinese: String(ChineseNumerals.cardinal(Scalars(String(value))))
    default: numbers?.cardinal(DecimalInteger(value)) ?? String(value)
    }
  }

  /// `साढ़े दस`, `सवा नौ`, `पौने दस`.
  private func hindiQuarter(_ hours: Int, _ minutes: Int) -> String? {
    switch minutes {
    case 15: "सवा \(said(hours)) बजे"
    case 30 where hours == 1: "डेढ़ बजे"
    case 30 where hours == 2: "ढाई बजे"
    case 30: "साढ़े \(said(hours)) बजे"
    case 45: "पौने \(said(hours + 1)) बजे"
    default: nil
    }
  }

  private static let arabicHours = [
    "الثانية عشرة", "الواحدة", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة", "السابعة", "الثامنة", "التاسعة",
    "العاشرة", "الحادية عشرة", "الثانية عشرة", "الثالثة عشرة", "الرابعة عشرة", "الخامسة عشرة", "السادسة عشرة",
    "السابعة عشرة", "الثامنة عشرة", "التاسعة عشرة", "العشرون", "الحادية والعشرون", "الثانية والعشرون",
    "الثالثة والعشرون", "الرابعة والعشرون",
  ]

  /// The hour is a feminine ordinal, quarters and halves have words.
  private func arabic(_ hours: Int, _ minutes: Int) -> String? {
    guard Self.arabicHours.indices.contains(hours) else { return nil }
    let hour = Self.arabicHours[hours]
    switch minutes {
    case 0: return hour
    case 15: return hour + " والربع"
    case 30: return hour + " والنصف"
    case 45 where hours < 24: return Self.arabicHours[hours + 1] + " إلا ربعا"
    default: return hour + " و" + said(minutes) + ((3...10).contains(minutes) ? " دقائق" : " دقيقة")
    }
  }
}
