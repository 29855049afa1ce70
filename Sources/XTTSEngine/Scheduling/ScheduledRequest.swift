/// One segment of one request, as the scheduler and the engine name it.
struct SequenceKey: Hashable, Sendable {
  /// The request's number in order of arrival.
  var request: Int
  /// The segment's place in the request's text.
  var segment: Int
}

/// What one segment will ask of the machine.
struct SegmentDemand: Sendable, Equatable {
  /// Prompt positions to prefill.
  var promptRows: Int
  /// Codes after which the segment is stopped.
  var codeLimit: Int
  /// Up to this many codes audio is decoded while the segment runs; what comes later waits for its end.
  var heldCodes: Int
  /// Whether a segment that reaches its limit is taken up again, once, from its last decoded audio.
  var mayRetry: Bool

  init(promptRows: Int, codeLimit: Int, heldCodes: Int, mayRetry: Bool) {
    self.promptRows = max(0, promptRows)
    self.codeLimit = max(1, codeLimit)
    self.heldCodes = min(max(0, heldCodes), self.codeLimit)
    self.mayRetry = mayRetry
  }
}

/// A request with its segments in the order of the text.
struct Submission: Sendable, Equatable {
  /// Unique, and ascending in order of arrival.
  var id: Int
  /// 0–9, higher first.
  var priority = 0
  var deadline: ContinuousClock.Instant?
  var windows = WindowPolicy()
  var segments: [SegmentDemand]
}

/// A segment on its way: waiting, in a slot, or ended with windows left to decode.
struct ScheduledSequence: Sendable {
  enum Phase: Sendable { case waiting, prefilling, decoding, ended }

  let demand: SegmentDemand
  var phase = Phase.waiting
  var slot: Int?
  /// When it took its slot, counted over all sequences.
  var admission = 0
  var prefilledRows = 0
  var codes = 0
  /// 0, or 1 once it was taken up again.
  var attempt = 0
  var nextWindow = 0

  /// The window to decode next, if its codes are there and its audio may leave.
  func dueWindow(_ policy: WindowPolicy) -> WindowPolicy.Window? {
    let ended = phase == .ended
    return policy.window(nextWindow, codes: ended ? codes : min(codes, demand.heldCodes), ended: ended)
  }

  /// All its codes are there and all their audio is decoded.
  func isComplete(_ policy: WindowPolicy) -> Bool { phase == .ended && dueWindow(policy) == nil }
}

struct ScheduledRequest: Sendable {
  let id: Int
  let priority: Int
  let deadline: ContinuousClock.Instant?
  let windows: WindowPolicy
  var sequences: [ScheduledSequence]
  /// Segments whose audio is decoded to the end, counted from the first: the next one is what a listener waits for.
  var head = 0
  /// How often a younger request took a slot while this one held none.
  var passedOver = 0

  init(_ submission: Submission) {
    id = submission.id
    priority = submission.priority
    deadline = submission.deadline
    windows = submission.windows
    sequences = submission.segments.map { ScheduledSequence(demand: $0) }
  }

  var heldSlots: Int { sequences.count { $0.slot != nil } }
  var nextWaiting: Int? { sequences.firstIndex { $0.phase == .waiting } }
  var hasStarted: Bool { sequences.first.map { $0.phase != .waiting } ?? true }
}
