import XTTSModel

/// Plans the steps of the engine: it assigns slots to requests and chooses the prompts to prefill, the sequences to decode
/// and the windows to vocode. It is a pure value: the engine performs a step and reports the results.
///
/// Sequences join and leave at every step. The segments of a request run in parallel while slots are free, but a request
/// without a slot comes before further segments of another request.
struct Scheduler: Sendable {
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
  var requests: [ScheduledRequest] = []
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
  var requestCount: Int { requests.count }
  /// The number of requests without a first slot.
  var waitingRequests: Int { requests.count { !$0.hasStarted } }
  var waitingSequences: Int {
    requests.reduce(0) { $0 + $1.sequences.count { $0.phase == .waiting } }
  }

  /// Adds a request.
  /// - Returns: false if all slots and all places to wait are taken; the request is then not added.
  mutating func submit(_ submission: Submission) -> Bool {
    let place = requests.firstIndex { $0.id >= submission.id } ?? requests.endIndex
    guard !submission.segments.isEmpty, place == requests.endIndex || requests[place].id != submission.id else {
      return false
    }
    // A request for which a slot is free does not wait.
    let waiting = waitingRequests
    guard waiting < limits.waitingRequests || waiting < freeSlots.count else { return false }
    requests.insert(ScheduledRequest(submission), at: place)
    return true
  }

  /// Removes a request and frees its slots.
  /// - Returns: false if there is no such request.
  @discardableResult
  mutating func cancel(_ request: Int) -> Bool {
    guard let place = requests.firstIndex(where: { $0.id == request }) else { return false }
    for sequence in requests[place].sequences {
      if let slot = sequence.slot { free(slot) }
    }
    requests.remove(at: place)
    return true
  }

  /// Reports that rows of a prompt were prefilled; chunks come in order.
  mutating func prefilled(_ key: SequenceKey, rows: Range<Int>) {
    update(key) { sequence in
      guard sequence.phase == .prefilling else { return }
      sequence.prefilledRows = max(sequence.prefilledRows, rows.upperBound)
      if sequence.prefilledRows >= sequence.demand.promptRows { sequence.phase = .decoding }
    }
  }

  /// Reports one decode step of a sequence: one more code, or its end.
  /// - Returns: nil if the request was removed meanwhile.
  mutating func decoded(_ key: SequenceKey, stopped: Bool) -> DecodeOutcome? {
    var outcome: DecodeOutcome?
    var freed: Int?
    withSequence(key) { sequence, windows in
      guard sequence.phase == .decoding else { return }
      sequence.codes += 1
      let atLimit = !stopped && sequence.codes >= sequence.demand.codeLimit
      if atLimit, sequence.demand.mayRetry, sequence.attempt == 0 {
        sequence.attempt = 1
        sequence.codes = windows.committed(within: min(sequence.demand.heldCodes, sequence.demand.codeLimit - 1))
        outcome = .rewound(codes: sequence.codes)
      } else if stopped || atLimit {
        sequence.phase = .ended
        freed = sequence.slot
        sequence.slot = nil
        outcome = .ended(hitLimit: atLimit)
      } else {
        outcome = .running
      }
    }
    if let freed { free(freed) }
    return outcome
  }

  /// Reports that a sequence's due window was decoded.
  /// - Returns: nil if the request was removed meanwhile.
  mutating func vocoded(_ key: SequenceKey) -> WindowOutcome? {
    var complete = false
    guard
      withSequence(
        key,
        { sequence, windows in
          sequence.nextWindow += 1
          sequence.isVocoding = false
          complete = sequence.isComplete(windows)
        })
    else { return nil }
    guard complete, let place = requests.firstIndex(where: { $0.id == key.request }) else { return .moreToCome }
    let request = requests[place]
    let head = request.sequences.firstIndex { !$0.isComplete(request.windows) }
    requests[place].head = head ?? request.sequences.count
    guard head == nil else { return .segmentComplete }
    requests.remove(at: place)
    return .requestComplete
  }

  mutating func free(_ slot: Int) {
    freeSlots.insert(slot, at: freeSlots.firstIndex { $0 > slot } ?? freeSlots.endIndex)
  }

  func request(_ id: Int) -> ScheduledRequest? { requests.first { $0.id == id } }

  mutating func update(_ key: SequenceKey, _ change: (inout ScheduledSequence) -> Void) {
    withSequence(key) { sequence, _ in change(&sequence) }
  }

  @discardableResult
  private mutating func withSequence(
    _ key: SequenceKey, _ change: (inout ScheduledSequence, WindowPolicy) -> Void
  ) -> Bool {
    guard let place = requests.firstIndex(where: { $0.id == key.request }),
      requests[place].sequences.indices.contains(key.segment)
    else { return false }
    change(&requests[place].sequences[key.segment], requests[place].windows)
    return true
  }
}
