import XTTSModel

extension Scheduler {
  /// The next step. The same state and time give the same step.
  mutating func nextStep(now: ContinuousClock.Instant) -> SchedulerStep {
    var step = SchedulerStep()
    step.expired = expire(now: now)
    step.admitted = admit()
    step.decodes = requests.flatMap { request in
      request.sequences.indices
        .filter { request.sequences[$0].phase == .decoding }
        .map { SequenceKey(request: request.id, segment: $0) }
    }
    step.prefills = duePrefills(othersDecode: !step.decodes.isEmpty)
    step.windows = beginWindows(othersWait: !step.prefills.isEmpty || !step.decodes.isEmpty)
    return step
  }

  private mutating func expire(now: ContinuousClock.Instant) -> [Int] {
    let expired = requests.filter { $0.deadline.map { $0 <= now } ?? false }.map(\.id)
    for id in expired { cancel(id) }
    return expired
  }

  /// Fills free slots, one sequence at a time, in the order of ``comesBefore(_:_:)``.
  private mutating func admit() -> [SchedulerStep.Admission] {
    var admitted: [SchedulerStep.Admission] = []
    // Sequences that have ended keep their latents until their audio is decoded, so their number is limited.
    let draining = requests.reduce(0) { sum, request in
      sum + request.sequences.count { $0.phase == .ended && !$0.isComplete(request.windows) }
    }
    guard draining < 2 * limits.slots else { return [] }
    while !freeSlots.isEmpty, let place = nextToAdmit(), let segment = requests[place].nextWaiting {
      admissions += 1
      let slot = freeSlots.removeFirst()
      let needsPrefill = requests[place].sequences[segment].demand.promptRows > 0
      requests[place].sequences[segment].slot = slot
      requests[place].sequences[segment].admission = admissions
      requests[place].sequences[segment].phase = needsPrefill ? .prefilling : .decoding
      requests[place].passedOver = 0
      for older in 0..<place where requests[older].nextWaiting != nil && requests[older].heldSlots == 0 {
        requests[older].passedOver += 1
      }
      admitted.append(.init(key: SequenceKey(request: requests[place].id, segment: segment), slot: slot))
    }
    return admitted
  }

  private func nextToAdmit() -> Int? {
    requests.indices
      .filter { place in
        let request = requests[place]
        guard request.nextWaiting != nil else { return false }
        return request.heldSlots == 0 || freeSlots.count > limits.reservedSlots
      }
      .min { comesBefore(requests[$0], requests[$1]) }
  }

  /// Orders by priority, raised by waiting; then by fewer slots, earlier deadline and earlier arrival.
  private func comesBefore(_ first: ScheduledRequest, _ second: ScheduledRequest) -> Bool {
    let firstPriority = first.priority + first.passedOver / limits.agingInterval
    let secondPriority = second.priority + second.passedOver / limits.agingInterval
    if firstPriority != secondPriority { return firstPriority > secondPriority }
    if first.heldSlots != second.heldSlots { return first.heldSlots < second.heldSlots }
    switch (first.deadline, second.deadline) {
    case (let one?, let other?) where one != other: return one < other
    case (_?, nil): return true
    case (nil, _?): return false
    default: return first.id < second.id
    }
  }

  /// Chooses the windows to decode now, and notes that they are in flight.
  private mutating func beginWindows(othersWait: Bool) -> [SchedulerStep.Window] {
    let windows = WindowPlacement(
      limits.windows, isFree: windowsInFlight == 0, othersWait: othersWait
    ).place(dueWindows())
    for window in windows {
      update(window.key) { $0.isVocoding = true }
    }
    return windows
  }

  /// The due windows. Those of the segments that listeners wait for come first, first windows before later ones.
  private func dueWindows() -> [SchedulerStep.Window] {
    var due: [(window: SchedulerStep.Window, rank: Int, priority: Int)] = []
    for request in requests {
      for (segment, sequence) in request.sequences.enumerated() {
        guard !sequence.isVocoding, let window = sequence.dueWindow(request.windows) else { continue }
        let key = SequenceKey(request: request.id, segment: segment)
        let rank = segment == request.head ? (sequence.nextWindow == 0 ? 0 : 1) : 2
        let next = SchedulerStep.Window(
          key: key, index: sequence.nextWindow, codes: window.codes, isLast: window.isLast)
        due.append((next, rank, request.priority))
      }
    }
    // A stable order: requests by arrival, segments by place, where rank and priority are equal.
    let ordered = due.enumerated().sorted {
      ($0.element.rank, -$0.element.priority, $0.offset) < ($1.element.rank, -$1.element.priority, $1.offset)
    }
    var codes = 0
    return ordered.map(\.element.window).prefix { window in
      defer { codes += window.codes.count }
      return codes == 0 || codes + window.codes.count <= limits.vocodedCodesPerStep
    }
  }

  /// Chunks of the prompts in slots, oldest admission first. While other sequences decode, only a few rows per step.
  private func duePrefills(othersDecode: Bool) -> [SchedulerStep.Prefill] {
    var candidates: [(key: SequenceKey, sequence: ScheduledSequence)] = []
    for request in requests {
      for (segment, sequence) in request.sequences.enumerated() where sequence.phase == .prefilling {
        candidates.append((SequenceKey(request: request.id, segment: segment), sequence))
      }
    }
    candidates.sort { $0.sequence.admission < $1.sequence.admission }
    var chunks: [SchedulerStep.Prefill] = []
    var rows = 0
    for (key, sequence) in candidates {
      guard let slot = sequence.slot else { continue }
      var start = sequence.prefilledRows
      while start < sequence.demand.promptRows {
        let end = min(start + limits.prefillChunk, sequence.demand.promptRows)
        let isOverBudget = rows > 0 && rows + (end - start) > limits.prefillRowsPerStep
        if isOverBudget, othersDecode || chunks.first?.key != key { return chunks }
        chunks.append(.init(key: key, slot: slot, rows: start..<end))
        rows += end - start
        start = end
      }
    }
    return chunks
  }
}
