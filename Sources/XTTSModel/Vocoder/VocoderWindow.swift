/// One part of a sequence to decode: the input codes, including the context that the vocoder needs on either side, and
/// the samples of the result to keep. The windows, concatenated, are the sequence decoded at once.
struct VocoderWindow: Sendable, Equatable {
  /// The interpolation from the latents to the frames that the vocoder decodes.
  let stretch: LatentStretch
  /// The window's samples, counted from the sequence's start.
  var samples: Range<Int>
  /// The position of `samples` in the vocoder's output for `frames`.
  var keptSamples: Range<Int>

  /// The codes whose latents the window needs, counted from the sequence's start.
  var codes: Range<Int> { stretch.codes }
  /// The frames that the vocoder decodes, counted from the sequence's start.
  var frames: Range<Int> { stretch.frames }
}
