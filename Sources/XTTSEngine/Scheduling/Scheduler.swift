/// Decides what the engine does next: which requests get slots, which prompts are prefilled, which sequences take a
/// decode step, which windows are vocoded. A pure value: the engine performs a step and tells what came of it.
///
/// Sequences join and leave at every step. A request's segments run side by side while slots are free, but a request
/// without a slot comes before another's further segments.
struct Scheduler: Sendable {
  struct Limits: Sendable, Equatable {
    var slots: Int
    /// Requests that may wait for their first slot.
    var waitingRequests: Int
    /// Rows of one prefill chunk. Chunks are cut at its multiples, whatever else runs.
    var prefillChunk: Int
    /// Rows prefilled in one step while others decode; at least one chunk is.
    var prefillRowsPerStep: Int
    /// Codes vocoded in one step; at least one window is.
    var vocodedCodesPerStep: Int
    /// Slots that only a request without one may take.
    var reservedSlots: Int
    /// Times a request may be passed over before it counts as one priority higher.
    var patience: Int

    init(
      slots: Int, waitingRequests: Int = 64, prefillChunk: Int = 64, prefillRowsPerStep: Int = 64,
      vocodedCodesPerStep: Int = 64, reservedSlots: Int? = nil, patience: Int = 4
    ) {
      self.slots = max(1, slots)
      self.waitingRequests = max(0, waitingRequests)
      self.prefillChunk = max(1, prefillChunk)
      self.prefillRowsPerStep = max(1, prefillRowsPerStep)
      self.vocodedCodesPerStep = max(1, vocodedCodesPerStep)
      self.reservedSlots = min(max(0, reservedSlots ?? (self.slots >= 4 ? 1 : 0)), self.slots - 1)
      self.patience = max(1, patience)
    }
  }

  let limits: Limits
  /// In order of arrival.
  var requests: [ScheduledRequest] = []
  /// Lowest first.
  var freeSlots: [Int]
  var admissions = 0

  init(limits: Limits) {
    self.limits = limits
    freeSlots = Array(0..<limits.slots)
  }

  var slotsInUse: Int { limits.slots - freeSlots.count }
  var isEmpty: Bool { requests.isEmpty }
  var requestCount: Int { requests.count }
  /// Requests that have not taken their first slot.
  var waitingRequests: Int { requests.count { !$0.hasStarted } }
  var waitingSequences: Int {
    requests.reduce(0) { $0 + $1.sequences.count { $0.phase == .waiting } }
  }

  /// Takes a request in.
  /// - Returns: false when slots and waiting line are full; nothing is kept then.
  mutating func submit(_ submission: Submission) -> Bool {
    let place = requests.firstIndex { $0.id >= submission.id } ?? requests.endIndex
    guard !submission.segments.isEmpty, place == requests.endIndex || requests[place].id != submission.id else {
      return false
    }
    // A request that a free slot awaits does not wait.
    let waiting = waitingRequests
    guard waiting < limits.waitingRequests || waiting < freeSlots.count else { return false }
    requests.insert(ScheduledRequest(submission), at: place)
    return true
  }

  /// Forgets a request and frees its slots.
  /// - Returns: false if it is not here (any more).
  @discardableResult
  mutating func cancel(_ request: Int) -> Bool {
    guard let place = requests.firstIndex(where: { $0.id == request }) else { return false }
    for sequence in requests[place].sequences {
      if let slot = sequence.slot { free(slot) }
    }
    requests.remove(at: place)
    return true
  }

  /// Reports prompt rows prefilled: chunks come in order.
  mutating func prefilled(_ key: SequenceKey, rows: Range<Int>) {
    update(key) { sequence in
      guard sequence.phase == .prefilling else { return }
      sequence.prefilledRows = max(sequence.prefilledRows, rows.upperBound)
      if sequence.prefilledRows >= sequence.demand.promptRows { sequence.phase = .decoding }
    }
  }

  /// Reports one decode step of a sequence: one more code, or its end.
  /// - Returns: nil if the request was forgotten meanwhile.
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
  /// - Returns: nil if the request was forgotten meanwhile.
  mutating func vocoded(_ key: SequenceKey) -> WindowOutcome? {
    var complete = false
    guard
      withSequence(
        key,
        { sequence, windows in
          sequence.nextWindow += 1
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

  private mutating func update(_ key: SequenceKey, _ change: (inout ScheduledSequence) -> Void) {
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
