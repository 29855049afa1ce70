/// Takes the separators out of grouped digits (`1,234,567`, `1.234.567`) so that one number is left.
enum GroupingSeparators {
  /// `\b\d{1,3}(,\d{3})*(\.\d+)?\b` with its commas removed: English and Russian.
  static func removingCommas(_ text: Scalars) -> Scalars {
    guard text.contains(",") else { return text }
    return removing(",", from: text) { commaNumberEnd(text, from: $0) }
  }

  /// `\b\d{1,3}(.\d{3})*(\,\d+)?\b` with its points removed: everyone else. The dot between groups is any character,
  /// as upstream has it.
  static func removingPoints(_ text: Scalars) -> Scalars {
    guard text.contains(".") else { return text }
    return removing(".", from: text) { pointNumberEnd(text, from: $0) }
  }

  /// Commas after groups of two or three digits, three at the end. Upstream reads no Hindi number at all.
  static func removingIndianCommas(_ text: Scalars) -> Scalars {
    guard text.contains(",") else { return text }
    return removing(",", from: text) { start in
      var end = text.end(from: start, while: \.isASCIIDigit)
      while end < text.count, text[end] == "," {
        let group = text.end(from: end + 1, while: \.isASCIIDigit) - end - 1
        guard group == 3 || group == 2 else { break }
        end += group + 1
      }
      return end
    }
  }

  private static func removing(
    _ separator: Unicode.Scalar, from text: Scalars, matchEnd: (Int) -> Int?
  ) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let scalar = text[position]
      if scalar.isDecimalDigit, text.isWordBoundary(at: position), let end = matchEnd(position), end > position {
        result.append(contentsOf: text[position..<end].lazy.filter { $0 != separator })
        position = end
      } else {
        result.append(scalar)
        position += 1
      }
    }
    return result
  }

  private static func areDigits(_ text: Scalars, _ range: Range<Int>) -> Bool {
    range.upperBound <= text.count && text[range].allSatisfy(\.isDecimalDigit)
  }

  /// The end of a decimal part that ends at a word boundary.
  private static func fractionEnd(_ text: Scalars, from start: Int, point: Unicode.Scalar) -> Int? {
    guard start < text.count, text[start] == point else { return nil }
    let end = text.end(from: start + 1, while: \.isDecimalDigit)
    return end > start + 1 && text.isWordBoundary(at: end) ? end : nil
  }

  private static func commaNumberEnd(_ text: Scalars, from start: Int) -> Int? {
    var end = text.end(from: start, while: \.isDecimalDigit)
    guard end - start <= 3 else { return nil }
    while end < text.count, text[end] == ",", areDigits(text, (end + 1)..<(end + 4)) { end += 4 }
    if let fraction = fractionEnd(text, from: end, point: ".") { return fraction }
    if text.isWordBoundary(at: end) { return end }
    // The last group was followed by a word character: give it back, then a comma follows.
    return end - 4 > start ? end - 4 : nil
  }

  private static func pointNumberEnd(_ text: Scalars, from start: Int) -> Int? {
    let run = text.end(from: start, while: \.isDecimalDigit) - start
    for first in stride(from: min(run, 3), through: 1, by: -1) {
      let base = start + first
      var end = base
      while end < text.count, text[end] != "\n", areDigits(text, (end + 1)..<(end + 4)) { end += 4 }
      while end >= base {
        if let fraction = fractionEnd(text, from: end, point: ",") { return fraction }
        if text.isWordBoundary(at: end) { return end }
        end -= 4
      }
    }
    return nil
  }
}
