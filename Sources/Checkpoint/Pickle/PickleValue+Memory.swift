/// What values allocate at most, in bytes: what a reader takes from its ``ReadingAllowance`` before it makes them.
extension ReadingAllowance {
  /// A hash table of `count` entries, made at once.
  public static func byteCount<Entry>(ofTable _: Entry.Type, _ count: Int) -> Int {
    // Swift's tables have a power of two of places and fill three quarters of them.
    var places = 2
    while places * 3 < count * 4 { places *= 2 }
    return 64 + places / 8 + places * MemoryLayout<Entry>.stride
  }
}

extension PickleValue {
  /// Of every heap object, its rounding included.
  private static let headerByteCount = 32
  private static let longestInlineText = 15

  static func byteCount(ofText utf8Count: Int) -> Int {
    utf8Count > longestInlineText ? headerByteCount + utf8Count + 16 : 0
  }

  static func byteCount<Element>(ofArray _: Element.Type, _ count: Int) -> Int {
    headerByteCount + count * MemoryLayout<Element>.stride
  }

  /// The case of an indirect enum, with its payload.
  static func byteCount<Payload>(ofCase _: Payload.Type) -> Int { headerByteCount + MemoryLayout<Payload>.stride }

  static func byteCount(ofTensorOfRank rank: Int) -> Int {
    byteCount(ofCase: StoredTensor.self) + 2 * byteCount(ofArray: Int.self, rank)
  }
}

extension PickleDictionary {
  /// Without the text of its keys and without its values.
  static func byteCount(_ count: Int) -> Int {
    PickleValue.byteCount(ofCase: PickleDictionary.self) + PickleValue.byteCount(ofArray: String.self, count)
      + ReadingAllowance.byteCount(ofTable: (String, PickleValue).self, count)
  }
}
