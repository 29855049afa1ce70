import SpeechCore

/// A line break after text without a mark ends a sentence; a line that continues in lower case is wrapped text.
struct LineBreaks: Sendable {
  let language: Language

  func mark(_ text: Scalars) -> Scalars {
    guard text.contains(where: \.isLineBreak) else { return text }
    let stop: Unicode.Scalar = language == .chinese || language == .japanese ? "。" : language == .hindi ? "।" : "."
    var result = Scalars()
    result.reserveCapacity(text.count + 16)
    var last: Unicode.Scalar?
    var blankEnd = 0
    for (position, scalar) in text.enumerated() {
      if scalar.isLineBreak {
        if position >= blankEnd { blankEnd = text.end(from: position, while: \.isPythonSpace) }
        if last.map({ $0.isWord || $0.isMark }) == true, let next = text.at(blankEnd), !next.properties.isLowercase,
          result.last?.isLineBreak != true
        {
          result.append(stop)
          last = stop
        }
      }
      result.append(scalar)
      if !scalar.isPythonSpace { last = scalar }
    }
    return result
  }
}

/// `東京（とうきょう）`, `한국(韓國)`: a reading in brackets repeats the word before it.
struct BracketedReadings: Sendable {
  let language: Language

  func remove(_ text: Scalars) -> Scalars {
    guard language == .japanese || language == .korean, text.contains(where: { $0 == "(" || $0 == "（" }) else {
      return text
    }
    var result = Scalars()
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      if let last = result.last, text[position] == "(" || text[position] == "（", isWritten(last) {
        let end = text.end(from: position + 1, while: isReading)
        if end > position + 1, text.at(end) == ")" || text.at(end) == "）" {
          position = end + 1
          continue
        }
      }
      result.append(text[position])
      position += 1
    }
    return result
  }

  private func isWritten(_ scalar: Unicode.Scalar) -> Bool {
    language == .japanese ? scalar.properties.isIdeographic : (0xAC00...0xD7A3).contains(scalar.value)
  }

  private func isReading(_ scalar: Unicode.Scalar) -> Bool {
    language == .japanese ? (0x3041...0x30FF).contains(scalar.value) || scalar == " " : scalar.properties.isIdeographic
  }
}
