extension Scalars {
  /// The position of the last scalar before `position` that is not a space; -1 where there is none.
  func lastNonSpace(before position: Int) -> Int {
    var index = Swift.max(position, 0) - 1
    while index >= 0, self[index] == " " { index -= 1 }
    return index
  }

  /// The word that ends before `end`, in lower case; at most 16 letters of it.
  func lowerWord(endingAt end: Int) -> String {
    // A caller that steps back by the length of a lower-cased word may step too far: `İ` becomes two scalars.
    let end = Swift.max(end, 0)
    var start = end
    while end - start < 16, let letter = at(start - 1), letter.isWord || letter.isMark { start -= 1 }
    return String(Scalars(self[start..<end]).lowercased())
  }

  /// The word before `position`, with spaces between them; in lower case, at most 16 letters of it.
  func word(before position: Int) -> String { lowerWord(endingAt: lastNonSpace(before: position) + 1) }

  /// The word that starts at `start`; empty where none does.
  func word(at start: Int) -> String {
    let start = Swift.min(start, count)
    return String(Scalars(self[start..<end(from: start, limit: 64) { $0.isWord && $0 != "_" || $0.isMark }]))
  }
}
