/// What the engine does next, in this order.
public struct SchedulerStep: Sendable, Equatable {
  public struct Admission: Sendable, Equatable {
    public var key: SequenceKey
    public var slot: Int
  }

  public struct Prefill: Sendable, Equatable {
    public var key: SequenceKey
    public var slot: Int
    /// Prompt rows of this chunk.
    public var rows: Range<Int>
  }

  public struct Window: Sendable, Equatable {
    public var key: SequenceKey
    public var index: Int
    /// The codes that came since the last window: ``WindowPolicy/Window/codes``.
    public var codes: Range<Int>
    /// The segment has ended and this gives what is left of it.
    public var isLast: Bool
  }

  /// Requests that passed their deadline; they are forgotten already.
  public var expired: [Int] = []
  /// Sequences that took a slot just now.
  public var admitted: [Admission] = []
  public var windows: [Window] = []
  public var prefills: [Prefill] = []
  /// Sequences that take one decode step together.
  public var decodes: [SequenceKey] = []

  public var isIdle: Bool { windows.isEmpty && prefills.isEmpty && decodes.isEmpty }
}

/// What a decode step meant for a sequence.
public enum DecodeOutcome: Sendable, Equatable {
  case running
  /// It ran to its limit and goes on from its first `codes` codes, drawing anew.
  case rewound(codes: Int)
  case ended(hitLimit: Bool)
}

/// What a decoded window meant for a request.
public enum WindowOutcome: Sendable, Equatable {
  case moreToCome
  case segmentComplete
  /// Its last segment is complete too; the request is forgotten.
  case requestComplete
}
