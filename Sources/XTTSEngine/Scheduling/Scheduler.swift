import XTTSModel

/// Owns the requests of the engine and plans its steps: it assigns slots and chooses the prompts to prefill, the
/// sequences to decode and the windows to vocode. It does no I/O and reads no clock: the same calls give the same steps.
/// The engine performs a step and reports the results.
///
/// Sequences join and leave at every step. The segments of a request run in parallel while slots are free, but a request
/// without a slot comes before further segments of another request.
struct Scheduler {
  struct Limits: Sendable, Equatable {
    var slots: Int
    /// The number of requests that may wait for their first slot.
    var waitingRequests: Int
    /// The number of rows of one prefill chunk. Chunks always begin at its multiples.
    var prefillChunk: Int
    /// The number of rows prefilled in one step while other sequences decode; at least one chunk is prefilled.
    var prefillRowsPerStep: Int
    /// The number of codes vocoded in one step; at least one window is decoded.
    var vocodedCodesPerStep: Int
    /// The number of slots that only a request without a slot may take.
    var reservedSlots: Int
    /// The number of times that a request is passed over before its priority rises by one.
    var agingInterval: Int
    /// The windows that are decoded while the engine's thread computes other work.
    var windows: WindowConcurrency

    init(
      slots: Int, waitingRequests: Int = 64, prefillChunk: Int = 64, prefillRowsPerStep: Int = 64,
      vocodedCodesPerStep: Int = 64, reservedSlots: Int? = nil, agingInterval: Int = 4,
      windows: WindowConcurrency = .none
    ) {
      self.slots = max(1, slots)
      self.waitingRequests = max(0, waitingRequests)
      self.prefillChunk = max(1, prefillChunk)
      self.prefillRowsPerStep = max(1, prefillRowsPerStep)
      self.vocodedCodesPerStep = max(1, vocodedCodesPerStep)
      self.reservedSlots = min(max(0, reservedSlots ?? (self.slots >= 4 ? 1 : 0)), self.slots - 1)
      self.agingInterval = max(1, agingInterval)
      self.windows = windows
    }
  }

  let limits: Limits
  /// The requests in order of arrival.
  private(set) var requests: [EngineRequest] = []
  /// The free slots, lowest first.
  var freeSlots: [Int]
  var admissions = 0

  init(limits: Limits) {
    self.limits = limits
    freeSlots = Array(0..<limits.slots)
  }

  var slotsInUse: Int { limits.slots - freeSlots.count }
  var isEmpty: Bool { requests.isEmpty }
  /// Windows that were begun and are not finished.
  var windowsInFlight: Int { requests.reduce(0) { $0 + $1.sequences.count(where: \.isVocoding) } }
  /// The number of requests without a first slot.
  var waitingRequests: Int { requests.count { $0.startedSegments == 0 } }
  var waitingSequences: Int { requests.reduce(0) { $0 + $1.waitingSegments } }

  /// Adds a request.
  /// - Returns: false if all slots and all places to wait are taken; the request is then not added.
  mutating func submit(_ job: PreparedJob) -> Bool {
    let place = requests.firstIndex { $0.job.id >= job.id } ?? requests.endIndex
    guard !job.segments.isEmpty, place == requests.endIndex || requests[place].job.id != job.id else { return false }
    // A request for which a slot is free does not wait.
    let waiting = waitingRequests
    guard waiting < limits.waitingRequests || waiting < freeSlots.count else { return false }
    requests.insert(EngineRequest(job), at: place)
    return true
  }

  /// Removes a request, frees its slots and cancels its sequences.
  /// - Returns: nil if there is no such request.
  @discardableResult
  mutating func cancel(_ id: Int) -> EngineRequest? {
    guard let place = requests.firstIndex(where: { $0.job.id == id }) else { return nil }
    for sequence in requests[place].sequences {
      free(sequence)
      sequence.phase = .cancelled
    }
    return requests.remove(at: place)
  }

  /// Reports that rows of a prompt were prefilled; chunks come in order.
  func prefilled(_ sequence: SpeechSequence, rows: Range<Int>) {
    guard sequence.phase == .prefilling else { return }
    sequence.prefilledRows = max(sequence.prefilledRows, rows.upperBound)
    if sequence.prefilledRows >= sequence.segment.promptRows { sequence.phase = .decoding }
  }

  /// Reports one decode step of a running sequence.
  /// - Parameter code: the code; nil for the stop code.
  mutating func decoded(_ sequence: SpeechSequence, code: Int?) -> DecodeOutcome {
    let segment = sequence.segment
    if let code { sequence.codes.append(code) } else { sequence.hasStopCode = true }
    if code != nil, sequence.steps < segment.codeLimit { return .running }
    if code != nil, segment.mayRetry, !sequence.isRetry {
      sequence.isRetry = true
      let kept = sequence.job.windows.committed(within: min(segment.heldCodes, segment.codeLimit - 1))
      sequence.codes.removeSubrange(kept...)
      return .rewound
    }
    sequence.phase = .ended
    free(sequence)
    return .ended
  }

  /// Reports that a sequence's due window was decoded.
  mutating func vocoded(_ sequence: SpeechSequence) -> WindowOutcome {
    sequence.nextWindow += 1
    sequence.isVocoding = false
    guard sequence.isComplete, let request = request(sequence.key.request) else { return .moreToCome }
    request.sequences.removeAll { $0 === sequence }
    guard request.sequences.isEmpty, request.waitingSegments == 0 else { return .segmentComplete }
    requests.removeAll { $0 === request }
    return .requestComplete
  }

  func request(_ id: Int) -> EngineRequest? { requests.first { $0.job.id == id } }

  /// A sequence that has started and whose audio is not complete.
  func sequence(_ key: SequenceKey) -> SpeechSequence? {
    request(key.request)?.sequences.first { $0.key == key }
  }

  private mutating func free(_ sequence: SpeechSequence) {
    guard let slot = sequence.slot else { return }
    sequence.slot = nil
    freeSlots.insert(slot, at: freeSlots.firstIndex { $0 > slot } ?? freeSlots.endIndex)
  }
}
