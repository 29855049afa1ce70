/// Where numbers stand in Chinese text and how each kind is read: upstream's `normalize_nsw`, rule after rule. Each
/// rule finds all its matches first; every match is then replaced at the first place its text occurs.
enum ChineseNumberRules {
  static func apply(to text: Scalars) -> Scalars {
    // Marks for the ends, so that rules can require a non-digit before and after.
    var text: Scalars = ["^"] + text + ["$"]
    text = replacing(text, ChineseNumberPatterns.dates, with: date)
    text = replacing(text, ChineseNumberPatterns.money, with: money)
    text = replacing(text, ChineseNumberPatterns.mobilePhones, with: ChineseNumerals.spelled)
    text = replacing(text, ChineseNumberPatterns.landlines, with: ChineseNumerals.spelled)
    text = replacing(text, ChineseNumberPatterns.fractions, with: fraction)
    text = text.replacing("％", with: ["%"])
    text = replacing(text, ChineseNumberPatterns.percentages) {
      Scalars("百分之") + ChineseNumerals.cardinal($0.dropLast())
    }
    text = replacing(text, ChineseNumberPatterns.counted, with: ChineseNumerals.cardinal)
    text = replacing(text, ChineseNumberPatterns.longNumbers, with: ChineseNumerals.spelled)
    text = replacing(text, ChineseNumberPatterns.numbers, with: ChineseNumerals.cardinal)
    text = replacing(text, ChineseNumberPatterns.lettersAroundTwo) { $0.map { $0 == "二" ? "2" : $0 } }
    let start = text.firstIndex { $0 != "^" } ?? text.endIndex
    let end = text.lastIndex { $0 != "$" } ?? text.startIndex
    return start <= end && start < text.endIndex ? Scalars(text[start...end]) : []
  }

  private static func replacing(
    _ text: Scalars, _ pattern: (Scalars) -> [Range<Int>], with spoken: (Scalars) -> Scalars
  ) -> Scalars {
    let matches = pattern(text).map { Scalars(text[$0]) }
    var text = text
    for match in matches where !match.isEmpty {
      guard let first = text.indices.first(where: { text[$0] == match[0] && text.matches(match, at: $0) }) else {
        continue
      }
      text.replaceSubrange(first..<(first + match.count), with: spoken(match))
    }
    return text
  }

  /// `2024年5月3日`: the year digit by digit, month and day as counts.
  private static func date(_ match: Scalars) -> Scalars {
    var rest = match[...]
    var result = Scalars()
    if let year = rest.firstIndex(of: "年") {
      result += ChineseNumerals.spelled(rest[..<year]) + ["年"]
      rest = rest[(year + 1)...]
    }
    if let month = rest.firstIndex(of: "月") {
      result += ChineseNumerals.cardinal(rest[..<month]) + ["月"]
      rest = rest[(month + 1)...]
    }
    guard let unit = rest.last else { return result }
    return result + ChineseNumerals.cardinal(rest.dropLast()) + [unit]
  }

  private static func money(_ match: Scalars) -> Scalars {
    var text = match
    for range in ChineseNumberPatterns.numbers(match) {
      let number = Scalars(match[range])
      let words = ChineseNumerals.cardinal(number)
      var position = 0
      while position < text.count {
        guard text.matches(number, at: position) else {
          position += 1
          continue
        }
        text.replaceSubrange(position..<(position + number.count), with: words)
        position += words.count
      }
    }
    return text
  }

  private static func fraction(_ match: Scalars) -> Scalars {
    let parts = match.split(separator: "/")
    guard parts.count == 2 else { return match }
    return ChineseNumerals.cardinal(parts[1]) + Scalars("分之") + ChineseNumerals.cardinal(parts[0])
  }
}
