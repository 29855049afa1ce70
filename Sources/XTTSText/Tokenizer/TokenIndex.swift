import Checkpoint

/// Finds a vocabulary's tokens by their bytes while the vocabulary is read. It keeps nothing but where each stands in the
/// file, of which it must not outlive the bytes.
struct TokenIndex {
  private let json: UnsafeRawBufferPointer
  /// Of the tokens' names; 0, where no name can stand, is free.
  private var places: [UInt32]
  /// Tokens, those with the same name counted once.
  private(set) var count = 0

  /// With room for `capacity` tokens.
  init(_ json: UnsafeRawBufferPointer, capacity: Int) {
    self.json = json
    places = Array(repeating: 0, count: Self.placeCount(capacity))
  }

  static func byteCount(_ capacity: Int) -> Int { 64 + placeCount(capacity) * MemoryLayout<UInt32>.stride }

  private static func placeCount(_ capacity: Int) -> Int { capacity + capacity / 2 + 2 }

  /// Adds a token; of those with the same name the last counts.
  mutating func insert(_ name: JSONText, bytes: [UInt8]) throws(CheckpointError) {
    let place = try place(of: bytes)
    if places[place] == 0 {
      guard count + 1 < places.count else { return }
      count += 1
    }
    places[place] = UInt32(truncatingIfNeeded: name.position)
  }

  /// The token with exactly this name.
  func id(of bytes: [UInt8]) throws(CheckpointError) -> Int32? {
    let position = places[try place(of: bytes)]
    guard position > 0 else { return nil }
    var scanner = JSONScanner(json, at: Int(position))
    _ = try scanner.memberName()
    return try scanner.wholeNumber().flatMap(Int32.init(exactly:))
  }

  private func place(of bytes: [UInt8]) throws(CheckpointError) -> Int {
    // Keyed, so that no file can be made whose names all fall on one place.
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    var place = Int(UInt(bitPattern: hasher.finalize()) % UInt(places.count))
    while places[place] > 0 {
      var scanner = JSONScanner(json, at: Int(places[place]))
      if try scanner.memberName().isEqual(to: bytes) { break }
      place = place + 1 < places.count ? place + 1 : 0
    }
    return place
  }
}
