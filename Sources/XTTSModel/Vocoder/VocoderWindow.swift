/// One part of a sequence to decode: which codes go in, with the context that the vocoder needs on either side, and
/// which samples of the result to keep. Windows joined end to end are the sequence decoded at once.
public struct VocoderWindow: Sendable, Equatable {
  /// The codes whose latents the window needs, counted from the sequence's start.
  public var codes: Range<Int>
  /// The window's samples, counted from the sequence's start.
  public var samples: Range<Int>
  /// Frames that go through the vocoder, counted from the sequence's start.
  public var frames: Range<Int>
  /// Where `samples` lie in what the vocoder makes of `frames`.
  public var keptSamples: Range<Int>
  /// Rows after each interpolation stage: the codes, …, the frames.
  let rows: [Range<Int>]
  /// Rows of the whole sequence before each stage; nil while its end is unknown.
  let totals: [Int?]

  init(
    codes: Range<Int>, rows: [Range<Int>], totals: [Int?], samples: Range<Int>, frames: Range<Int>,
    keptSamples: Range<Int>
  ) {
    self.codes = codes
    self.rows = rows
    self.totals = totals
    self.samples = samples
    self.frames = frames
    self.keptSamples = keptSamples
  }
}
