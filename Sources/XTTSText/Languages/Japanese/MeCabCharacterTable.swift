/// MeCab's `char.bin`: the kind of each code point, and the rules for unknown words.
struct MeCabCharacterTable: Sendable {
  struct Kind: Sendable {
    /// One bit for each category the character belongs to.
    var categories: UInt32
    var defaultCategory: Int
    /// Unknown words of 1…length characters are tried.
    var length: Int
    /// A run of the same kind is tried as one unknown word.
    var groups: Bool
    /// Unknown words are tried even where the dictionary has an entry.
    var alwaysInvokes: Bool

    func isKind(of other: Kind) -> Bool { categories & other.categories != 0 }
  }

  private static let nameSize = 32
  private static let entryCount = 0xFFFF

  let categoryNames: [String]
  private let table: MappedTable
  private let entriesStart: Int

  init(path: String) throws(TextError) {
    let table = try MappedTable(path: path)
    guard let count = table.uint32(0), count > 0, count <= 64,
      table.count == 4 + Int(count) * Self.nameSize + Self.entryCount * 4
    else { throw TextError(.malformed, "\(path): not a MeCab character table") }
    self.table = table
    categoryNames = (0..<Int(count)).map { table.text(4 + $0 * Self.nameSize, limit: Self.nameSize) }
    entriesStart = 4 + Int(count) * Self.nameSize
  }

  /// Code points above the BMP are taken for code point 0, as MeCab does.
  func kind(of scalar: Unicode.Scalar) -> Kind {
    let index = scalar.value < Self.entryCount ? Int(scalar.value) : 0
    let bits = table.uint32(entriesStart + index * 4) ?? 0
    return Kind(
      categories: bits & 0x3FFFF, defaultCategory: Int(bits >> 18 & 0xFF), length: Int(bits >> 26 & 0xF),
      groups: bits >> 30 & 1 == 1, alwaysInvokes: bits >> 31 == 1)
  }
}
