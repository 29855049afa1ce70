/// Where a segment's codes are cut into vocoder windows. The cuts depend on nothing but the code's position, so a
/// segment's audio is the same bytes whoever its neighbours are and whether anyone listens while it is made.
///
/// The first window is small, so that sound leaves early; later ones grow, since each pays for its context again.
public struct WindowPolicy: Sendable, Equatable {
  /// Codes that must exist before the first window is decoded.
  public var firstCodes: Int
  /// Codes in the second window; each later one is twice as long, up to ``maximumCodes``.
  public var secondCodes: Int
  public var maximumCodes: Int
  /// Codes after a window that its last samples depend on: the vocoder's receptive field.
  public var lookahead: Int

  public init(firstCodes: Int = 8, secondCodes: Int = 16, maximumCodes: Int = 64, lookahead: Int = 3) {
    self.firstCodes = max(1, firstCodes)
    self.maximumCodes = max(1, maximumCodes)
    self.secondCodes = min(max(1, secondCodes), self.maximumCodes)
    self.lookahead = max(0, lookahead)
  }

  /// The first code after window `index`, if the segment is that long.
  public func end(of index: Int) -> Int {
    var end = max(1, firstCodes - lookahead)
    var size = secondCodes
    var left = index
    while left > 0 {
      if size == maximumCodes { return end + left * size }
      end += size
      size = min(size * 2, maximumCodes)
      left -= 1
    }
    return end
  }

  public func start(of index: Int) -> Int { index <= 0 ? 0 : end(of: index - 1) }

  /// How many codes must exist before window `index` can be decoded while the segment still runs.
  public func due(of index: Int) -> Int { end(of: index) + lookahead }

  /// The most codes, at or under `codes`, that audio decoded so far may depend on: where a segment can be taken up
  /// again without changing what was heard.
  public func committed(within codes: Int) -> Int {
    var last = 0
    var index = 0
    while due(of: index) <= codes {
      last = due(of: index)
      index += 1
    }
    return last
  }

  /// Window `index` of a segment with `codes` codes so far, or nil while it can't be decoded.
  /// - Parameter ended: no more codes come, so what is left is decoded too.
  public func window(_ index: Int, codes: Int, ended: Bool) -> Range<Int>? {
    let start = start(of: index)
    if due(of: index) <= codes { return start..<end(of: index) }
    // The last window takes all that is left, so only one may follow the last regular one.
    let isLast = ended && start < codes && (index == 0 || due(of: index - 1) <= codes)
    return isLast ? start..<codes : nil
  }
}
