import XTTSModel

/// The next work of the engine, in this order.
struct SchedulerStep: Sendable, Equatable {
  struct Admission: Sendable, Equatable {
    var key: SequenceKey
    var slot: Int
  }

  struct Prefill: Sendable, Equatable {
    var key: SequenceKey
    var slot: Int
    /// The prompt rows of this chunk.
    var rows: Range<Int>
  }

  struct Window: Sendable, Equatable {
    var key: SequenceKey
    var index: Int
    /// The codes since the last window: ``WindowPolicy/Window/codes``.
    var codes: Range<Int>
    /// Whether the segment has ended and these are its last codes.
    var isLast: Bool
    /// Whether the engine's thread computes other work while the window is decoded.
    var isBeside = false
  }

  /// The requests whose deadline has passed. They are already removed.
  var expired: [Int] = []
  /// The sequences that take a slot in this step.
  var admitted: [Admission] = []
  var windows: [Window] = []
  var prefills: [Prefill] = []
  /// The sequences of this decode step.
  var decodes: [SequenceKey] = []

  var isIdle: Bool { windows.isEmpty && prefills.isEmpty && decodes.isEmpty }
}

/// The state of a sequence after a decode step.
enum DecodeOutcome: Sendable, Equatable {
  case running
  /// It reached its limit and continues after its first `codes` codes with new random numbers.
  case rewound(codes: Int)
  case ended(hitLimit: Bool)
}

/// The state of a request after a decoded window.
enum WindowOutcome: Sendable, Equatable {
  case moreToCome
  case segmentComplete
  /// The last segment is complete too, and the request is removed.
  case requestComplete
}
