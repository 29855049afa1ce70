/// A `sys.dic` or `unk.dic` of MeCab 0.996: a double array over UTF-8 keys, the tokens of each key and their features.
struct MeCabLexicon: Sendable {
  /// One dictionary entry; `feature` is read only for the words that are chosen.
  struct Token: Sendable {
    var leftID: Int
    var rightID: Int
    var cost: Int
    var feature: Int
  }

  private static let magic: UInt32 = 0xEF71_8F77
  private static let version: UInt32 = 102
  private static let headerSize = 72
  private static let tokenSize = 16

  private let table: MappedTable
  private let arraySize: Int
  private let tokenStart: Int
  private let featureStart: Int
  /// Numbers of left and right context ids the tokens may use.
  let contextCounts: (left: Int, right: Int)

  init(path: String) throws(TextError) {
    let table = try MappedTable(path: path)
    let header = (0..<10).compactMap { table.uint32($0 * 4) }
    guard header.count == 10, header[0] ^ Self.magic == UInt32(truncatingIfNeeded: table.count),
      header[1] == Self.version
    else { throw TextError(.malformed, "\(path): not a MeCab 0.996 dictionary, or cut short") }
    let charset = table.text(40, limit: 32).lowercased()
    guard charset == "utf8" || charset == "utf-8" else {
      throw TextError(.unsupported, "\(path): its character set is \(charset), UTF-8 is needed")
    }
    self.table = table
    contextCounts = (Int(header[4]), Int(header[5]))
    arraySize = Int(header[6])
    tokenStart = Self.headerSize + arraySize
    featureStart = tokenStart + Int(header[7])
    guard featureStart + Int(header[8]) <= table.count else {
      throw TextError(.malformed, "\(path): cut short")
    }
  }

  private func unit(_ index: Int) -> (base: Int, check: Int)? {
    guard index >= 0, index * 8 + 8 <= arraySize, let base = table.int32(Self.headerSize + index * 8),
      let check = table.uint32(Self.headerSize + index * 8 + 4)
    else { return nil }
    return (Int(base), Int(check))
  }

  /// Calls `found` with each entry whose key is a prefix of the bytes, shortest first, and its length in bytes.
  func forEachPrefix(of bytes: ArraySlice<UInt8>, _ found: (_ length: Int, Token) -> Void) {
    guard var base = unit(0)?.base else { return }
    var length = 0
    for byte in bytes {
      if length > 0 { forEachToken(atBase: base) { found(length, $0) } }
      guard let next = unit(base + Int(byte) + 1), next.check == base else { return }
      base = next.base
      length += 1
    }
    forEachToken(atBase: base) { found(length, $0) }
  }

  /// The entries of one whole key.
  func tokens(for key: String) -> [Token] {
    let bytes = Array(key.utf8)
    var result: [Token] = []
    forEachPrefix(of: bytes[...]) { if $0 == bytes.count { result.append($1) } }
    return result
  }

  /// A key ends where the unit at its base holds a negative value: tokens' first index and count.
  private func forEachToken(atBase base: Int, _ found: (Token) -> Void) {
    guard let end = unit(base), end.check == base, end.base < 0 else { return }
    let value = -end.base - 1
    for index in 0..<(value & 0xFF) {
      if let token = token(value >> 8 + index) { found(token) }
    }
  }

  private func token(_ index: Int) -> Token? {
    let offset = tokenStart + index * Self.tokenSize
    guard offset + Self.tokenSize <= featureStart, let left = table.uint16(offset),
      let right = table.uint16(offset + 2),
      let cost = table.int16(offset + 6), let feature = table.uint32(offset + 8)
    else { return nil }
    return Token(leftID: Int(left), rightID: Int(right), cost: Int(cost), feature: Int(feature))
  }

  func features(of token: Token) -> String {
    table.text(featureStart + token.feature)
  }
}
