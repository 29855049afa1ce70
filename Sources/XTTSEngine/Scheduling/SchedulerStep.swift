/// The next work of the engine, in this order.
struct SchedulerStep {
  struct Prefill {
    let sequence: SpeechSequence
    /// The prompt rows of this chunk.
    let rows: Range<Int>
  }

  struct Window {
    let sequence: SpeechSequence
    /// The codes since the last window: ``WindowPolicy/Window/codes``.
    let codes: Range<Int>
    /// Whether the segment has ended and these are its last codes.
    let isLast: Bool
    /// Whether the engine's thread computes other work while the window is decoded.
    var isBeside = false
  }

  /// The requests whose deadline has passed. They are already removed.
  var expired: [EngineRequest] = []
  /// The sequences that take a slot in this step.
  var admitted: [SpeechSequence] = []
  var windows: [Window] = []
  var prefills: [Prefill] = []
  /// The sequences of this decode step.
  var decodes: [SpeechSequence] = []

  /// Whether prompts or codes are computed.
  var usesDecoder: Bool { !prefills.isEmpty || !decodes.isEmpty }
  var isIdle: Bool { windows.isEmpty && !usesDecoder }
}

/// The state of a sequence after a decode step.
enum DecodeOutcome: Sendable, Equatable {
  case running
  /// It reached its limit and continues after the kept codes with new random numbers.
  case rewound
  case ended
}

/// The state of a request after a decoded window.
enum WindowOutcome: Sendable, Equatable {
  case moreToCome
  case segmentComplete
  /// The last segment is complete too, and the request is removed.
  case requestComplete
}
