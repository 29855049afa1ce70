/// A compiled MeCab dictionary folder (UniDic, or IPADIC as a second choice): words, connection costs, character kinds.
struct MeCabDictionary: Sendable {
  let words: MeCabLexicon
  let characters: MeCabCharacterTable
  /// Possible readings of an unknown word, by category.
  let unknownTokens: [[MeCabLexicon.Token]]
  let unknownWords: MeCabLexicon
  private let connections: MappedTable
  private let leftCount: Int
  private let rightCount: Int

  init(folder: String) throws(TextError) {
    words = try MeCabLexicon(path: folder + "/sys.dic")
    unknownWords = try MeCabLexicon(path: folder + "/unk.dic")
    characters = try MeCabCharacterTable(path: folder + "/char.bin")
    connections = try MappedTable(path: folder + "/matrix.bin")
    guard let left = connections.uint16(0), let right = connections.uint16(2), left > 0, right > 0,
      connections.count >= 4 + Int(left) * Int(right) * 2
    else { throw TextError(.malformed, "\(connections.name): not a MeCab connection matrix") }
    leftCount = Int(left)
    rightCount = Int(right)
    let unknownWords = unknownWords
    unknownTokens = characters.categoryNames.map { unknownWords.tokens(for: $0) }
  }

  /// Cost of a word with `leftID` after one with `rightID`.
  func connectionCost(rightID: Int, leftID: Int) -> Int {
    guard rightID < leftCount, leftID < rightCount else { return Int(Int16.max) }
    return Int(connections.int16(4 + (rightID + leftCount * leftID) * 2) ?? Int16.max)
  }
}
