/// When a segment's audio leaves, counted in its codes: a window is decoded when enough codes are there, and gives all
/// the audio that later codes can't change any more. The counts depend on nothing else, so a segment's audio is cut the
/// same way, and is the same bytes, whoever its neighbours are and whether anyone listens while it is made.
///
/// The first window is small, so that sound leaves early; later ones grow, since on libtorch each pays again for its
/// context in the vocoder's receptive field.
public struct WindowPolicy: Sendable, Equatable {
  /// Codes that make the first window.
  public var firstCodes: Int
  /// Further codes that make the second window; each later one takes twice as many, up to ``maximumCodes``.
  public var secondCodes: Int
  public var maximumCodes: Int

  public struct Window: Sendable, Equatable {
    /// The codes that came since the last window; may be none in the last one, which still gives the audio that
    /// waited for what might follow.
    public var codes: Range<Int>
    public var isLast: Bool
  }

  /// For the CPU's kernels: a window is decoded beside the steps for the next one, so the shorter the last one is, the less
  /// is left to do when a segment's codes are all there.
  public static let kernels = WindowPolicy(secondCodes: 8, maximumCodes: 16)

  public init(firstCodes: Int = 8, secondCodes: Int = 16, maximumCodes: Int = 64) {
    self.firstCodes = max(1, firstCodes)
    self.maximumCodes = max(1, maximumCodes)
    self.secondCodes = min(max(1, secondCodes), self.maximumCodes)
  }

  /// How many codes make window `index` while the segment still runs.
  public func due(of index: Int) -> Int {
    var due = firstCodes
    var size = secondCodes
    var left = index
    while left > 0, size < maximumCodes {
      due += size
      size = min(size * 2, maximumCodes)
      left -= 1
    }
    return due + max(0, left) * size
  }

  /// The most codes, at or under `codes`, that audio decoded so far may depend on: from here a segment can be taken up
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

  /// Window `index` of a segment with `codes` codes so far, or nil while, or since, there is none.
  /// - Parameter ended: no more codes come.
  public func window(_ index: Int, codes: Int, ended: Bool) -> Window? {
    let start = index <= 0 ? 0 : due(of: index - 1)
    guard start <= codes else { return nil }
    let due = due(of: index)
    if due <= codes { return Window(codes: start..<due, isLast: false) }
    return ended ? Window(codes: start..<codes, isLast: true) : nil
  }
}
