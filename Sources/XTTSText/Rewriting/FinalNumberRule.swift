/// `… bis 20.` at the end of a text: a number and a full stop, which upstream takes for an ordinal in these languages.
struct FinalNumberRule: RewriteRule {
  let numbers: any NumberWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    let end = text.end(from: position, while: \.isASCIIDigit)
    guard end > position, text.at(end) == ".", text[(end + 1)...].allSatisfy({ !$0.isWord }), position > 0,
      let words = numbers.cardinal(DecimalInteger(text[position..<end]))
    else { return nil }
    return RewriteMatch(end: end, words: words)
  }
}
