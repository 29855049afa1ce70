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
  private var scalarIndex: [Int: Int] = [:]
  private var nodes: [Node] = []
  /// Nodes that end before each scalar; the last added is tried first.
  private var endingAt: [[Int]]

  init(_ text: Scalars, dictionary: MeCabDictionary) {
    self.dictionary = dictionary
    self.text = text
    bytes = Array(String(text).utf8)
    endingAt = Array(repeating: [], count: text.count + 1)
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
    nodes = [Node(token: border, start: 0, end: 0, category: 0, isUnknown: false, previous: -1, cost: 0)]
    endingAt[0] = [0]
    for position in text.indices where !endingAt[position].isEmpty {
      for node in candidates(at: position).reversed() { connect(node, at: position) }
    }
    guard let end = endingAt.lastIndex(where: { !$0.isEmpty }) else { return [] }
    let last = cheapest(before: border, at: end)
    return path(to: last.index)
  }

  private mutating func connect(_ node: Node, at position: Int) {
    let best = cheapest(before: node.token, at: position)
    var node = node
    node.previous = best.index
    node.cost = best.cost
    nodes.append(node)
    endingAt[node.end].append(nodes.count - 1)
  }

  private func cheapest(before token: MeCabLexicon.Token, at position: Int) -> (index: Int, cost: Int) {
    var best = (index: 0, cost: Int.max)
    for index in endingAt[position].reversed() {
      let left = nodes[index]
      let cost =
        left.cost + token.cost + dictionary.connectionCost(rightID: left.token.rightID, leftID: token.leftID)
      if cost < best.cost { best = (index, cost) }
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
    for (length, tokens) in dictionary.words.prefixes(of: bytes[offsets[start]...]) {
      guard let end = scalarIndex[offsets[start] + length] else { continue }
      result += tokens.map { node($0, start, end, kind, isUnknown: false) }
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
