/// Kana to Latin letters, one by one with an eye on the neighbours: cutlet's `map_kana`.
enum KanaRomanization {
  static func romanize(_ kana: Scalars) -> String {
    let kana = kana.map(hiragana)
    return kana.indices.map { index in
      spelling(
        of: kana[index], after: index > 0 ? kana[index - 1] : nil,
        before: index + 1 < kana.count ? kana[index + 1] : nil)
    }.joined()
  }

  /// Katakana is read as the hiragana of the same sound.
  private static func hiragana(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x30A1...0x30F6, 0x30FD...0x30FE: Unicode.Scalar(scalar.value - 0x60) ?? scalar
    default: scalar
    }
  }

  private static func table(_ kana: Unicode.Scalar...) -> String? { KanaTable.spellings[kana] }

  private static func spelling(
    of kana: Unicode.Scalar, after previous: Unicode.Scalar?, before next: Unicode.Scalar?
  ) -> String {
    switch kana {
    case "ゝ", "ヽ": return previous.map { String(Character($0)) } ?? ""
    case "ゞ", "ヾ": return previous.flatMap(voiced).flatMap { table($0) } ?? ""
    case "々", "〃": return ""
    default: break
    }
    if let previous, let pair = table(previous, kana) { return pair }
    if let next, table(kana, next) != nil { return "" }
    if let next, KanaTable.smallKana.contains(next) {
      return kana == "っ" ? "" : (table(kana) ?? "").dropLast() + (table(next) ?? "")
    }
    if KanaTable.smallKana.contains(kana) { return "" }
    switch kana {
    case "ー": return previous.flatMap { table($0)?.last.map(String.init) } ?? "-"
    case "っ": return doubledConsonant(before: next)
    case "ん": return next.map { "あいうえおやゆよ".unicodeScalars.contains($0) } == true ? "n'" : "n"
    default: return table(kana) ?? ""
    }
  }

  private static func doubledConsonant(before next: Unicode.Scalar?) -> String {
    // At the end of a word the next word decides.
    guard let next else { return "っ" }
    if next == "ち" { return "t" }
    if "あいうえおっ".unicodeScalars.contains(next) { return "-" }
    return table(next)?.first.map(String.init) ?? ""
  }

  private static func voiced(_ kana: Unicode.Scalar) -> Unicode.Scalar? {
    let plain = Scalars("かきくけこさしすせそたちつてとはひふへほ")
    let marked = Scalars("がぎぐげござじずぜぞだぢづでどばびぶべぼ")
    return plain.firstIndex(of: kana).map { marked[$0] }
  }
}
