import TestSupport

@testable import Checkpoint

/// The small checkpoints that the golden tensors in `Tests/XTTSModelTests/Fixtures` were made from. The same sizes and
/// seeds stand in `tools/reference/golden.py`.
enum ParityCheckpoint: String, CaseIterable, Sendable {
  /// Three layers of 96 with heads of 24, few audio codes, a thin vocoder; float32.
  case narrow
  /// Two layers of 128 with heads of 16, equal upsampling kernels; float16, pickled like the published file.
  case wide

  var checkpoint: RandomCheckpoint {
    var dimensions = XTTSDimensions()
    dimensions.textTokenCount = DemoVocabulary.tokenCount
    switch self {
    case .narrow:
      dimensions.layerCount = 3
      dimensions.width = 96
      dimensions.headCount = 4
      dimensions.audioCodeCount = 258
      dimensions.vocoderChannels = 32
      dimensions.speakerChannels = [8, 16, 24, 32]
      var checkpoint = RandomCheckpoint(dimensions)
      checkpoint.seed = 11
      return checkpoint
    case .wide:
      dimensions.layerCount = 2
      dimensions.width = 128
      dimensions.headCount = 8
      dimensions.vocoderChannels = 64
      dimensions.upsampleKernels = [8, 8, 8, 8]
      dimensions.speakerChannels = [16, 24, 32, 40]
      var checkpoint = RandomCheckpoint(dimensions)
      checkpoint.seed = 12
      checkpoint.scalarType = .float16
      checkpoint.hasPublishedPickle = true
      return checkpoint
    }
  }

  /// The text of the golden tensors, in English.
  var text: String {
    switch self {
    case .narrow: "A small boat left at 7, and came back before noon."
    case .wide: "Nobody on the pier could say where it went."
    }
  }

  /// The reference recordings, in the order they were given.
  var referenceClips: [ReferenceClip] {
    switch self {
    case .narrow:
      [
        ReferenceClip(seed: 1, seconds: 6.2, sampleRate: 24_000),
        ReferenceClip(seed: 2, seconds: 1.5, sampleRate: 16_000),
      ]
    case .wide: [ReferenceClip(seed: 3, seconds: 3.1, sampleRate: 22_050)]
    }
  }
}
