/// The numbers of codes at which windows of a segment's audio are decoded. A window contains all audio that later codes
/// don't change. The numbers are constant, so a segment's audio is divided the same way and has the same bytes, with any
/// concurrent requests, streamed or not.
///
/// The first window is small, so that audio starts early. Later windows grow, because on libtorch each window also
/// computes its context in the vocoder's receptive field.
struct WindowPolicy: Sendable, Equatable {
  /// The number of codes of the first window.
  var firstCodes: Int
  /// The number of codes of the second window. Each later window has twice as many, up to ``maximumCodes``.
  var secondCodes: Int
  /// The largest number of codes of a window.
  var maximumCodes: Int

  /// One window of a segment.
  struct Window: Sendable, Equatable {
    /// The codes since the last window. The last window may have none; it contains the audio that further codes could
    /// have changed.
    var codes: Range<Int>
    /// Whether the segment ends with this window.
    var isLast: Bool
  }

  /// The policy of the CPU kernels. A window is decoded in parallel with the steps of the next one, so a short last window
  /// leaves little work after a segment's last code.
  static let kernels = WindowPolicy(secondCodes: 8, maximumCodes: 16)

  /// A policy with growing windows.
  init(firstCodes: Int = 8, secondCodes: Int = 16, maximumCodes: Int = 64) {
    self.firstCodes = max(1, firstCodes)
    self.maximumCodes = max(1, maximumCodes)
    self.secondCodes = min(max(1, secondCodes), self.maximumCodes)
  }

  /// The number of codes at which window `index` is due while the segment still runs.
  func due(of index: Int) -> Int {
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

  /// The largest number of codes, up to `codes`, that already decoded audio may depend on. A restart after these codes
  /// does not change that audio.
  func committed(within codes: Int) -> Int {
    var last = 0
    var index = 0
    while due(of: index) <= codes {
      last = due(of: index)
      index += 1
    }
    return last
  }

  /// Window `index` of a segment with `codes` codes so far; nil if it is not due or does not exist.
  /// - Parameter ended: whether the segment has all its codes.
  func window(_ index: Int, codes: Int, ended: Bool) -> Window? {
    let start = index <= 0 ? 0 : due(of: index - 1)
    guard start <= codes else { return nil }
    let due = due(of: index)
    if due <= codes { return Window(codes: start..<due, isLast: false) }
    return ended ? Window(codes: start..<codes, isLast: true) : nil
  }
}
