import Foundation
import SpeechCore

/// Different ways to write the same characters, made one: composed letters, compatibility forms as the plain letters
/// and digits that they stand for, marks without a sound removed.
struct WrittenForms: Sendable {
  let language: Language

  func unify(_ text: Scalars) -> Scalars {
    guard text.contains(where: { $0.value >= 0x80 }) else { return text }
    let composed = Scalars(String(text).precomposedStringWithCanonicalMapping)
    var result = Scalars()
    result.reserveCapacity(composed.count)
    var position = 0
    while position < composed.count {
      let scalar = composed[position]
      if scalar.isCompatibilityForm {
        // A run at a time: half-width kana and their sound marks compose.
        let end = composed.end(from: position, while: \.isCompatibilityForm)
        append(composed[position..<end], to: &result)
        position = end
        continue
      }
      position += 1
      if scalar.isMute { continue }
      if let fraction = Self.fraction(scalar) {
        if let last = result.last, last.isWord { result.append(" ") }
        result += fraction
        if composed.at(position)?.isWord == true { result.append(" ") }
        continue
      }
      if scalar.isWideSpace {
        result.append(" ")
      } else if language == .japanese, scalar == "ゝ" || scalar == "ヽ" || scalar == "ゞ" || scalar == "ヾ" {
        result.append(Self.repeated(result.last, by: scalar) ?? scalar)
      } else if language == .japanese, scalar.isLatinLetter {
        // The dictionary splits words at letters that it does not have.
        result += Self.withoutMarks(scalar)
      } else {
        result.append(scalar)
      }
    }
    return result
  }

  /// `½` is `1/2`.
  private static func fraction(_ scalar: Unicode.Scalar) -> Scalars? {
    guard (0xBC...0xBE).contains(scalar.value) || (0x2150...0x215E).contains(scalar.value) else { return nil }
    return Scalars(String(Character(scalar)).precomposedStringWithCompatibilityMapping)
      .map { $0 == "\u{2044}" ? "/" : $0 }
  }

  private func append(_ run: ArraySlice<Unicode.Scalar>, to result: inout Scalars) {
    let plain = Scalars(String(run).precomposedStringWithCompatibilityMapping)
    // `CO₂`: a small digit belongs to the word before it, a circled one does not.
    let isSeparate = run.first.map { (0x2460...0x24FF).contains($0.value) } ?? false
    if isSeparate, let last = result.last, !last.isPythonSpace { result.append(" ") }
    if plain == Scalars("(주)") {
      result += Scalars("주식회사 ")
      return
    }
    result += plain == ["(", "株", ")"] ? Scalars("株式会社") : plain.filter { !$0.isMute && $0 != "\u{2044}" }
  }

  /// The kana that an iteration mark stands for.
  private static func repeated(_ kana: Unicode.Scalar?, by mark: Unicode.Scalar) -> Unicode.Scalar? {
    guard let kana, (0x3041...0x30FA).contains(kana.value) else { return nil }
    // The mark's own script does not matter: `スヽメ` and `いすゞ`.
    guard mark == "ゞ" || mark == "ヾ" else { return kana }
    return String([kana, "\u{3099}"]).precomposedStringWithCanonicalMapping.unicodeScalars.first
  }

  static func withoutMarks(_ scalar: Unicode.Scalar) -> Scalars {
    Scalars(String(Character(scalar)).decomposedStringWithCanonicalMapping).filter { !$0.isMark }
  }
}

extension Unicode.Scalar {
  /// Marks that carry no sound: stress marks that compose with no letter, joiners, variation selectors, the Arabic
  /// lengthening stroke, the soft hyphen.
  fileprivate var isMute: Bool {
    switch value {
    case 0xAD, 0xAE, 0x2122, 0x34F, 0x300...0x36F, 0x640, 0x180B...0x180E, 0x200B...0x200F, 0x2060...0x2064,
      0xFE00...0xFE0F,
      0xFEFF, 0xE0100...0xE01EF:
      true
    default: false
    }
  }

  fileprivate var isWideSpace: Bool {
    value == 0xA0 || (0x2000...0x200A).contains(value) || value == 0x202F || value == 0x205F || value == 0x3000
  }

  /// Full and half width, ligatures, presentation forms, Roman numeral signs, circled and small digits, mathematical
  /// letters, squared words and units. Raised digits are not in it: they are powers. Fractions are not in it either.
  fileprivate var isCompatibilityForm: Bool {
    switch value {
    case 0xFF01, 0xFF08, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F:
      // Marks of Chinese and Japanese sentences.
      false
    case 0x2080...0x208E, 0x2100...0x2101, 0x2103, 0x2105...0x2107, 0x2109...0x2113, 0x2115, 0x2119...0x211D,
      0x2120...0x2121, 0x2124, 0x2128, 0x212C...0x2138, 0x2160...0x217F, 0x2460...0x24E9,
      0x3200...0x33FF, 0xF900...0xFAFF, 0xFB00...0xFB4F, 0xFB50...0xFDFF, 0xFE30...0xFE6F, 0xFE70...0xFEFE,
      0xFF01...0xFFDC, 0xFFE0...0xFFE6, 0x1D400...0x1D7FF, 0x1F100...0x1F10A, 0x1F130...0x1F149, 0x2F00...0x2FD5:
      true
    default: false
    }
  }

  fileprivate var isLatinLetter: Bool {
    (0xC0...0x24F).contains(value) && value != 0xD7 && value != 0xF7 || (0x1E00...0x1EFF).contains(value)
  }

  var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: false
    }
  }
}
