/// `+44 20 7946 0958`, `(555) 123-4567`, `555-123-4567`, `030 1234567`: digit by digit, a pause between groups.
struct PhoneNumberRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    let first = text[position]
    guard first == "+" || first == "(" || first.isASCIIDigit else { return nil }
    var groups: [Scalars] = []
    var marks = Scalars()
    var index = first == "+" ? position + 1 : position
    var end = index
    while groups.count < 8 {
      if text.at(index) == "(" { index += 1 }
      let groupEnd = text.end(from: index, while: \.isASCIIDigit)
      guard groupEnd > index else { break }
      groups.append(Scalars(text[index..<groupEnd]))
      end = groupEnd
      index = groupEnd
      if text.at(index) == ")" {
        index += 1
        end = index
        marks.append(")")
        if text.at(index) == " " { index += 1 }
        continue
      }
      guard let mark = text.at(index), " -./".unicodeScalars.contains(mark),
        text.at(index + 1)?.isASCIIDigit == true || text.at(index + 1) == "("
      else { break }
      marks.append(mark)
      index += 1
    }
    guard text.endsToken(at: end), isPhoneNumber(groups, marks, international: first == "+", bracketed: first == "(")
    else { return nil }
    let spoken = groups.map { $0.map { words.cardinal($0.digitValue) }.joined(separator: " ") }
    return RewriteMatch(end: end, words: (first == "+" ? words.plus + " " : "") + spoken.joined(separator: ", "))
  }

  private func isPhoneNumber(_ groups: [Scalars], _ marks: Scalars, international: Bool, bracketed: Bool) -> Bool {
    let count = groups.reduce(0) { $0 + $1.count }
    guard (7...15).contains(count) else { return false }
    if international { return true }
    if bracketed { return groups.count >= 2 && marks.first == ")" }
    guard groups.count >= 2 else { return false }
    let usesOneMark = Set(marks).count == 1
    if groups[0].first == "0", groups[0].count >= 2 { return usesOneMark || groups.count <= 3 }
    // The North American form; other rows of numbers are left alone.
    return marks.allSatisfy { $0 == "-" } && groups.map(\.count) == [3, 3, 4]
  }
}
