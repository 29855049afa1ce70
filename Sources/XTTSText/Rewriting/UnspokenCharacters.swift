/// Characters that are seen or steer layout but are never said: controls, direction marks, emoji. Special tokens of the
/// vocabulary lose their brackets, so that a text can't switch the language.
enum UnspokenCharacters {
  static func remove(_ text: Scalars) -> Scalars {
    guard text.contains(where: { isUnspoken($0) || $0 == "[" }) else { return text }
    var result = Scalars()
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let scalar = text[position]
      if scalar == "[", let end = specialTokenEnd(text, position) {
        result += text[(position + 1)..<(end - 1)]
        position = end
        continue
      }
      if isEmoji(scalar) {
        // A sequence goes as a whole; what stood on both sides must not run together.
        position = text.end(from: position) { isEmoji($0) || isEmojiPart($0) }
        if let last = result.last, last.isWord, text.at(position)?.isWord == true { result.append(" ") }
        continue
      }
      if !isUnspoken(scalar) { result.append(scalar) }
      position += 1
    }
    return result
  }

  private static func isUnspoken(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20...0x7E: false
    case 0...0x1F, 0x7F...0x84, 0x86...0x9F, 0xAD, 0x200B, 0x200E...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: isEmoji(scalar)
    }
  }

  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x2190 && scalar.properties.isEmoji
      && (scalar.properties.isEmojiPresentation || scalar.value >= 0x1F000 || (0x2600...0x27BF).contains(scalar.value))
      || (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  private static func isEmojiPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x200D || scalar.value == 0xFE0F || scalar.value == 0x20E3
      || (0xE0020...0xE007F).contains(scalar.value)
  }

  /// `[en]`, `[SPACE]`, `[STOP]` …: a bracketed tag of up to eight letters and hyphens.
  private static func specialTokenEnd(_ text: Scalars, _ start: Int) -> Int? {
    let end = text.end(from: start + 1) { $0.isASCII && ($0 == "-" || ($0.isWord && !$0.isASCIIDigit)) }
    guard end - start >= 3, end - start <= 9, text.at(end) == "]", text.at(end + 1) != "(" else { return nil }
    return end + 1
  }
}
