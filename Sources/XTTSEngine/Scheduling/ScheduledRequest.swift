import XTTSModel

/// The work of one segment.
struct SegmentDemand: Sendable, Equatable {
  /// The number of prompt rows to prefill.
  var promptRows: Int
  /// The number of codes after which the segment is stopped.
  var codeLimit: Int
  /// The number of codes whose audio is decoded while the segment runs. The audio of later codes waits for its end.
  var heldCodes: Int
  /// Whether a segment that reaches its limit is restarted once after its last decoded audio.
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

/// A segment that waits, has a slot, or has ended and still has windows to decode.
struct ScheduledSequence: Sendable {
  enum Phase: Sendable { case waiting, prefilling, decoding, ended }

  let demand: SegmentDemand
  var phase = Phase.waiting
  var slot: Int?
  /// The number of its admission, counted over all sequences.
  var admission = 0
  var prefilledRows = 0
  var codes = 0
  /// 0; 1 after a restart.
  var attempt = 0
  var nextWindow = 0
  /// Whether the next window is being decoded.
  var isVocoding = false

  /// The window to decode next, if its codes are complete and its audio may be sent.
  func dueWindow(_ policy: WindowPolicy) -> WindowPolicy.Window? {
    let ended = phase == .ended
    return policy.window(nextWindow, codes: ended ? codes : min(codes, demand.heldCodes), ended: ended)
  }

  /// Whether all its audio is decoded.
  func isComplete(_ policy: WindowPolicy) -> Bool { phase == .ended && dueWindow(policy) == nil }
}

struct ScheduledRequest: Sendable {
  let id: Int
  let priority: Int
  let deadline: ContinuousClock.Instant?
  let windows: WindowPolicy
  var sequences: [ScheduledSequence]
  /// The number of segments, from the first, whose audio is complete. The listener waits for the next one.
  var head = 0
  /// The number of times that a younger request took a slot while this one had none.
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
