/// The number of a sequence: one segment of one request. No two sequences of an engine have the same.
public struct SequenceKey: Hashable, Sendable {
  /// The request's number in order of arrival.
  public var request: Int
  /// The segment's position in the request's text.
  public var segment: Int

  /// The segment at position `segment` of a request.
  public init(request: Int, segment: Int) {
    self.request = request
    self.segment = segment
  }
}

/// The audio half of a backend: decodes the windows of sequences, in part while the caller computes other work.
///
/// Not thread-safe: only one engine thread may use it.
public protocol WindowVocoder: AnyObject {
  /// The windows that it decodes while the caller computes other work.
  var concurrency: WindowConcurrency { get }

  /// Decodes windows, or starts decoding them. A sequence's next window must not begin before the last one is finished.
  func begin(_ windows: [AudioWindow])

  /// The windows that have finished since the last call, each once.
  /// - Parameter waits: blocks until the oldest window is finished, if any is being decoded.
  func finishedWindows(waits: Bool) -> [FinishedWindow]

  /// Drops the state of a sequence that needs no more windows.
  func release(_ sequence: SequenceKey)
}

/// The number of windows that a ``WindowVocoder`` decodes while its caller computes other work.
public enum WindowConcurrency: Sendable, Equatable {
  /// ``WindowVocoder/begin(_:)`` decodes each window.
  case none
  /// One window at a time.
  case one
  /// Any number, in batches.
  case any
}

/// New codes of a sequence for decoding. The windows of a sequence, concatenated, are the sequence
/// decoded at once.
public struct AudioWindow: Sendable {
  /// The sequence that the codes belong to.
  public var sequence: SequenceKey
  /// The new codes since the last window, counted from the sequence's start; may be empty at the end.
  public var codes: Range<Int>
  /// Whether these are the last codes.
  public var isLast: Bool
  /// Whether the window may be decoded while the caller computes other work.
  public var isBeside: Bool
  /// The latents of the sequence so far, `[≥ codes.upperBound, latentSize]` row-major.
  public var latents: [Float]
  /// The voice's `[speakerSize]` values.
  public var speakerEmbedding: [Float]
  /// 0.5–2; above 1 is faster.
  public var speed: Float

  /// A window of a sequence.
  public init(
    sequence: SequenceKey, codes: Range<Int>, isLast: Bool, isBeside: Bool, latents: [Float],
    speakerEmbedding: [Float], speed: Float
  ) {
    self.sequence = sequence
    self.codes = codes
    self.isLast = isLast
    self.isBeside = isBeside
    self.latents = latents
    self.speakerEmbedding = speakerEmbedding
    self.speed = speed
  }
}

/// The result of a window.
public struct FinishedWindow: Sendable {
  /// The sequence that the window belongs to.
  public var sequence: SequenceKey
  /// The samples that the new codes determine, in -1…1; there may be none.
  public var samples: Result<[Float], ModelError>

  /// The samples of a window, or the error of decoding it.
  public init(sequence: SequenceKey, samples: Result<[Float], ModelError>) {
    self.sequence = sequence
    self.samples = samples
  }
}
