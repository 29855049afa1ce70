/// Mono audio in memory.
public struct AudioClip: Sendable, Equatable {
  /// Samples in [-1, 1], shape `[frameCount]`.
  public var samples: [Float]
  /// Hertz.
  public var sampleRate: Int

  public init(samples: [Float], sampleRate: Int) {
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// The number of samples divided by the sample rate.
  public var durationSeconds: Double { Double(samples.count) / Double(sampleRate) }
}
