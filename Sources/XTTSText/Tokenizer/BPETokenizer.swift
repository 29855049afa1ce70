/// Byte-pair encoding exactly as Hugging Face `tokenizers` does it for an XTTS vocabulary.
struct BPETokenizer: Sendable {
  let vocabulary: Vocabulary

  /// Token ids of a text, special tokens in it included.
  func encode(_ text: Scalars) -> [Int] {
    var tokens: [Int] = []
    tokens.reserveCapacity(text.count / 2 + 4)
    var merger = PairMerger(merges: vocabulary.merges)
    var plainStart = 0
    var position = 0
    while position < text.count {
      guard let special = vocabulary.addedTokens.token(in: text, at: position) else {
        position += 1
        continue
      }
      encodeWords(text, plainStart..<position, with: &merger, into: &tokens)
      tokens.append(Int(special.id))
      position += special.content.count
      plainStart = position
    }
    encodeWords(text, plainStart..<text.count, with: &merger, into: &tokens)
    return tokens
  }

  /// Words and runs of punctuation are encoded on their own (`\w+|[^\w\s]+`).
  private func encodeWords(
    _ text: Scalars, _ range: Range<Int>, with merger: inout PairMerger, into tokens: inout [Int]
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      let kind = WordClass(text[start])
      var end = start + 1
      while end < range.upperBound, WordClass(text[end]) == kind { end += 1 }
      if kind != .space {
        merger.load(symbols(text[start..<end]))
        merger.merge(into: &tokens)
      }
      start = end
    }
  }

  private func symbols(_ word: ArraySlice<Unicode.Scalar>) -> [Int32] {
    var symbols: [Int32] = []
    symbols.reserveCapacity(word.count)
    var afterUnknown = false
    for scalar in word {
      if let id = vocabulary.characters[scalar] {
        symbols.append(id)
        afterUnknown = false
      } else if let unknown = vocabulary.unknownToken {
        if !(afterUnknown && vocabulary.fusesUnknown) { symbols.append(unknown) }
        afterUnknown = true
      }
    }
    return symbols
  }
}

/// The three kinds of character that the pre-tokenizer distinguishes (Rust's Unicode `\w` and `\s`).
private enum WordClass {
  case word, space, other

  init(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      self = scalar.isWord ? .word : scalar.properties.isWhitespace ? .space : .other
      return
    }
    let properties = scalar.properties
    if properties.isAlphabetic || properties.isJoinControl {
      self = .word
      return
    }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: self = .word
    default: self = properties.isWhitespace ? .space : .other
    }
  }
}
