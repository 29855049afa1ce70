/// One part of a sequence to decode: which codes go in, with the context that the vocoder needs on either side, and
/// which samples of the result to keep. Windows joined end to end are the sequence decoded at once.
public struct VocoderWindow: Sendable, Equatable {
  /// From the latents to the frames that go through the vocoder.
  let stretch: LatentStretch
  /// The window's samples, counted from the sequence's start.
  public var samples: Range<Int>
  /// Where `samples` lie in what the vocoder makes of `frames`.
  public var keptSamples: Range<Int>

  /// The codes whose latents the window needs, counted from the sequence's start.
  public var codes: Range<Int> { stretch.codes }
  /// Frames that go through the vocoder, counted from the sequence's start.
  public var frames: Range<Int> { stretch.frames }
}
