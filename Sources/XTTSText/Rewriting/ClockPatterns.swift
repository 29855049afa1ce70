import SpeechCore

/// Clock times in the languages that have no longer rules for them: `#` hours, `%` minutes.
struct ClockPatterns: Sendable {
  let time: String
  let fullHour: String
  /// The word for a zero before minutes below ten; nil where it is not said.
  let zero: String?
  /// A word after the time that the pattern already says.
  var word: String?

  static let table: [Language: ClockPatterns] = [
    .russian: ClockPatterns(time: "# %", fullHour: "# ноль-ноль", zero: "ноль"),
    .polish: ClockPatterns(time: "# %", fullHour: "#", zero: "zero"),
    .czech: ClockPatterns(time: "# %", fullHour: "# hodin", zero: "nula"),
    .turkish: ClockPatterns(time: "# %", fullHour: "#", zero: "sıfır"),
    .dutch: ClockPatterns(time: "# uur %", fullHour: "# uur", zero: nil, word: "uur"),
    .hungarian: ClockPatterns(time: "# óra % perc", fullHour: "# óra", zero: nil),
    .chinese: ClockPatterns(time: "#点%分", fullHour: "#点整", zero: "零"),
    .japanese: ClockPatterns(time: "#時%分", fullHour: "#時", zero: nil),
    .korean: ClockPatterns(time: "#시 %분", fullHour: "#시", zero: nil),
    .arabic: ClockPatterns(time: "# و%", fullHour: "#", zero: nil),
    .hindi: ClockPatterns(time: "# बजकर % मिनट", fullHour: "# बजे", zero: nil, word: "बजे"),
  ]
}
