/// What the engine does next, in this order.
struct SchedulerStep: Sendable, Equatable {
  struct Admission: Sendable, Equatable {
    var key: SequenceKey
    var slot: Int
  }

  struct Prefill: Sendable, Equatable {
    var key: SequenceKey
    var slot: Int
    /// Prompt rows of this chunk.
    var rows: Range<Int>
  }

  struct Window: Sendable, Equatable {
    var key: SequenceKey
    var index: Int
    /// The codes that came since the last window: ``WindowPolicy/Window/codes``.
    var codes: Range<Int>
    /// The segment has ended and this gives what is left of it.
    var isLast: Bool
  }

  /// Requests that passed their deadline; they are forgotten already.
  var expired: [Int] = []
  /// Sequences that took a slot just now.
  var admitted: [Admission] = []
  var windows: [Window] = []
  var prefills: [Prefill] = []
  /// Sequences that take one decode step together.
  var decodes: [SequenceKey] = []

  var isIdle: Bool { windows.isEmpty && prefills.isEmpty && decodes.isEmpty }
}

/// What a decode step meant for a sequence.
enum DecodeOutcome: Sendable, Equatable {
  case running
  /// It ran to its limit and goes on from its first `codes` codes, drawing anew.
  case rewound(codes: Int)
  case ended(hitLimit: Bool)
}

/// What a decoded window meant for a request.
enum WindowOutcome: Sendable, Equatable {
  case moreToCome
  case segmentComplete
  /// Its last segment is complete too; the request is forgotten.
  case requestComplete
}
