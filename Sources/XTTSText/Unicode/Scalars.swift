/// Text as the rules see it. Rules index by position and compare scalars exactly; `String` would do neither
/// (its equality is canonical, its indices are not numbers).
typealias Scalars = [Unicode.Scalar]

extension Scalars {
  init(_ text: some StringProtocol) {
    self = Array(text.unicodeScalars)
  }

  /// Whether `word` stands at `position`.
  func matches(_ word: Scalars, at position: Int) -> Bool {
    guard position >= 0, position <= count - word.count else { return false }
    for offset in word.indices where self[position + offset] != word[offset] { return false }
    return true
  }

  /// Every occurrence of one scalar replaced.
  func replacing(_ scalar: Unicode.Scalar, with replacement: Scalars) -> Scalars {
    guard contains(scalar) else { return self }
    var result = Scalars()
    result.reserveCapacity(count + 8)
    for candidate in self {
      if candidate == scalar { result += replacement } else { result.append(candidate) }
    }
    return result
  }

  /// The position after the run of scalars that satisfy `condition`, from `start` on; at most `limit` of them.
  func end(from start: Int, limit: Int = .max, while condition: (Unicode.Scalar) -> Bool) -> Int {
    let last = limit < count - start ? start + limit : count
    var position = start
    while position < last, condition(self[position]) { position += 1 }
    #if DEBUG
      WorkCounter.current?.add(position - start + 1)
    #endif
    return position
  }
}

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    // `UnicodeScalarView.append` takes several times as long.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * scalars.underestimatedCount)
    for scalar in scalars { bytes.append(contentsOf: scalar.utf8) }
    self = String(decoding: bytes, as: UTF8.self)
  }
}
