/// The cheapest way through a sentence: MeCab's Viterbi search, ties broken as MeCab breaks them.
struct MeCabLattice {
  /// One word of the result.
  struct Word: Sendable, Equatable {
    var range: Range<Int>
    var hasSpaceBefore: Bool
    var isUnknown: Bool
    var category: Int
    var features: String
  }

  private struct Node {
    var token: MeCabLexicon.Token
    var start: Int
    var end: Int
    var category: Int
    var isUnknown: Bool
    var previous: Int
    var cost: Int
  }

  private static let maximumGroup = 24

  private let dictionary: MeCabDictionary
  private let text: Scalars
  private let bytes: [UInt8]
  /// Byte offset of each scalar, and of the end.
  private var offsets: [Int] = [0]
  /// The scalar that begins at each byte, or -1 inside a scalar.
  private var scalarIndex: [Int]
  private var nodes: [Node] = []
  /// The values of a node that the search reads many times, stored next to each other.
  private struct End {
    var node: Int
    var rightID: Int
    var cost: Int
  }

  /// Nodes that end before each scalar; the last added is tried first.
  private var endingAt: [[End]]

  init(_ text: Scalars, dictionary: MeCabDictionary) {
    self.dictionary = dictionary
    self.text = text
    bytes = Array(String(text).utf8)
    endingAt = Array(repeating: [], count: text.count + 1)
    scalarIndex = Array(repeating: -1, count: bytes.count + 1)
    var offset = 0
    for (index, scalar) in text.enumerated() {
      scalarIndex[offset] = index
      offset += UTF8.width(scalar)
      offsets.append(offset)
    }
    scalarIndex[offset] = text.count
  }

  static func words(of text: Scalars, dictionary: MeCabDictionary) -> [Word] {
    var lattice = MeCabLattice(text, dictionary: dictionary)
    return lattice.search()
  }

  private mutating func search() -> [Word] {
    let border = MeCabLexicon.Token(leftID: 0, rightID: 0, cost: 0, feature: 0)
    append(node(border, 0, 0, dictionary.characters.kind(of: " "), isUnknown: false))
    for position in text.indices where !endingAt[position].isEmpty {
      // Many candidates share a left id, and with it the best way to them.
      var best: [(leftID: Int, before: End)] = []
      for var node in candidates(at: position).reversed() {
        let leftID = node.token.leftID
        let known = best.first { $0.leftID == leftID }?.before
        let before = known ?? cheapest(before: leftID, at: position)
        if known == nil { best.append((leftID, before)) }
        node.previous = before.node
        node.cost = before.cost + node.token.cost
        append(node)
      }
    }
    guard let end = endingAt.lastIndex(where: { !$0.isEmpty }) else { return [] }
    return path(to: cheapest(before: border.leftID, at: end).node)
  }

  private mutating func append(_ node: Node) {
    endingAt[node.end].append(End(node: nodes.count, rightID: node.token.rightID, cost: node.cost))
    nodes.append(node)
  }

  /// The node at `position` from which a word with `leftID` costs least, and what it costs up to that word.
  private func cheapest(before leftID: Int, at position: Int) -> End {
    var best = End(node: 0, rightID: 0, cost: Int.max)
    for var end in endingAt[position].reversed() {
      end.cost += dictionary.connectionCost(rightID: end.rightID, leftID: leftID)
      if end.cost < best.cost { best = end }
    }
    return best
  }

  /// Dictionary words, then unknown words, that begin after white space at `position`, in MeCab's order.
  private func candidates(at position: Int) -> [Node] {
    let space = dictionary.characters.kind(of: " ")
    let start = sameKindEnd(from: position, as: space)
    guard start < text.count else { return [] }
    let kind = dictionary.characters.kind(of: text[start])
    var result: [Node] = []
    let offset = offsets[start]
    dictionary.words.forEachPrefix(of: bytes[offset...]) { length, token in
      let end = scalarIndex[offset + length]
      if end >= 0 { result.append(node(token, start, end, kind, isUnknown: false)) }
    }
    if !result.isEmpty, !kind.alwaysInvokes { return result }
    func addUnknown(_ end: Int) {
      guard kind.defaultCategory < dictionary.unknownTokens.count else { return }
      result += dictionary.unknownTokens[kind.defaultCategory].map { node($0, start, end, kind, isUnknown: true) }
    }
    var groupEnd: Int?
    if kind.groups {
      let end = sameKindEnd(from: start + 1, as: kind)
      if end - start - 1 <= Self.maximumGroup { addUnknown(end) }
      groupEnd = end
    }
    var end = start + 1
    for _ in 0..<kind.length {
      if end == groupEnd { continue }
      addUnknown(end)
      guard end < text.count, kind.isKind(of: dictionary.characters.kind(of: text[end])) else { break }
      end += 1
    }
    if result.isEmpty { addUnknown(start + 1) }
    // A dictionary without entries for a kind still has to get past it.
    if result.isEmpty {
      let fallback = MeCabLexicon.Token(leftID: 0, rightID: 0, cost: Int(Int16.max), feature: -1)
      result = [node(fallback, start, start + 1, kind, isUnknown: true)]
    }
    return result
  }

  private func node(
    _ token: MeCabLexicon.Token, _ start: Int, _ end: Int, _ kind: MeCabCharacterTable.Kind, isUnknown: Bool
  ) -> Node {
    Node(
      token: token, start: start, end: end, category: kind.defaultCategory, isUnknown: isUnknown, previous: -1, cost: 0)
  }

  /// The end of a run in which each character shares a category with the one before it.
  private func sameKindEnd(from start: Int, as kind: MeCabCharacterTable.Kind) -> Int {
    var kind = kind
    var position = start
    while position < text.count {
      let next = dictionary.characters.kind(of: text[position])
      guard kind.isKind(of: next) else { break }
      kind = next
      position += 1
    }
    return position
  }

  private func path(to last: Int) -> [Word] {
    var words: [Word] = []
    var index = last
    while index > 0 {
      let node = nodes[index]
      let lexicon = node.isUnknown ? dictionary.unknownWords : dictionary.words
      let before = nodes[node.previous].end
      words.append(
        Word(
          range: node.start..<node.end, hasSpaceBefore: before < node.start, isUnknown: node.isUnknown,
          category: node.category, features: lexicon.features(of: node.token)))
      index = node.previous
    }
    return words.reversed()
  }
}
