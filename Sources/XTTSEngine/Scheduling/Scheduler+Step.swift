extension Scheduler {
  /// The next step. The same state and time give the same step.
  mutating func nextStep(now: ContinuousClock.Instant) -> SchedulerStep {
    var step = SchedulerStep()
    step.expired = expire(now: now)
    step.admitted = admit()
    for request in requests {
      for sequence in request.sequences where sequence.phase == .decoding { step.decodes.append(sequence) }
    }
    step.prefills = duePrefills(othersDecode: !step.decodes.isEmpty)
    step.windows = beginWindows(othersWait: step.usesDecoder)
    return step
  }

  private mutating func expire(now: ContinuousClock.Instant) -> [EngineRequest] {
    let expired = requests.filter { $0.job.deadline.map { $0 <= now } ?? false }
    for request in expired { cancel(request.job.id) }
    return expired
  }

  /// Fills free slots, one sequence at a time, in the order of ``comesBefore(_:_:)``.
  private mutating func admit() -> [SpeechSequence] {
    var admitted: [SpeechSequence] = []
    // Sequences that have ended keep their latents until their audio is decoded, so their number is limited.
    let draining = requests.reduce(0) { $0 + $1.sequences.count { $0.phase == .ended } }
    guard draining < 2 * limits.slots else { return [] }
    while !freeSlots.isEmpty, let place = nextToAdmit() {
      admissions += 1
      let request = requests[place]
      let sequence = SpeechSequence(
        request.job, segment: request.startedSegments, slot: freeSlots.removeFirst(), admission: admissions)
      request.startedSegments += 1
      request.sequences.append(sequence)
      request.passedOver = 0
      for older in requests[..<place] where older.waitingSegments > 0 && older.heldSlots == 0 { older.passedOver += 1 }
      admitted.append(sequence)
    }
    return admitted
  }

  private func nextToAdmit() -> Int? {
    requests.indices
      .filter { place in
        let request = requests[place]
        guard request.waitingSegments > 0 else { return false }
        return request.heldSlots == 0 || freeSlots.count > limits.reservedSlots
      }
      .min { comesBefore(requests[$0], requests[$1]) }
  }

  /// Orders by priority, raised by waiting; then by fewer slots, earlier deadline and earlier arrival.
  private func comesBefore(_ first: EngineRequest, _ second: EngineRequest) -> Bool {
    let firstPriority = first.job.priority + first.passedOver / limits.agingInterval
    let secondPriority = second.job.priority + second.passedOver / limits.agingInterval
    if firstPriority != secondPriority { return firstPriority > secondPriority }
    if first.heldSlots != second.heldSlots { return first.heldSlots < second.heldSlots }
    switch (first.job.deadline, second.job.deadline) {
    case (let one?, let other?) where one != other: return one < other
    case (_?, nil): return true
    case (nil, _?): return false
    default: return first.job.id < second.job.id
    }
  }

  /// Chooses the windows to decode now, and notes that they are in flight.
  private func beginWindows(othersWait: Bool) -> [SchedulerStep.Window] {
    let placement = WindowPlacement(limits.windows, isFree: windowsInFlight == 0, othersWait: othersWait)
    let windows = placement.place(dueWindows())
    for window in windows { window.sequence.isVocoding = true }
    return windows
  }

  /// The due windows. Those of the segments that listeners wait for come first, first windows before later ones.
  private func dueWindows() -> [SchedulerStep.Window] {
    var due: [(window: SchedulerStep.Window, rank: Int, priority: Int)] = []
    for request in requests {
      for (place, sequence) in request.sequences.enumerated() where !sequence.isVocoding {
        guard let window = sequence.dueWindow else { continue }
        let rank = place == 0 ? (sequence.nextWindow == 0 ? 0 : 1) : 2
        let next = SchedulerStep.Window(sequence: sequence, codes: window.codes, isLast: window.isLast)
        due.append((next, rank, request.job.priority))
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
    var chunks: [SchedulerStep.Prefill] = []
    var rows = 0
    let sequences = requests.flatMap { $0.sequences.filter { $0.phase == .prefilling } }
    for sequence in sequences.sorted(by: { $0.admission < $1.admission }) {
      var start = sequence.prefilledRows
      while start < sequence.segment.promptRows {
        let end = min(start + limits.prefillChunk, sequence.segment.promptRows)
        let isOverBudget = rows > 0 && rows + (end - start) > limits.prefillRowsPerStep
        if isOverBudget, othersDecode || chunks.first?.sequence !== sequence { return chunks }
        chunks.append(.init(sequence: sequence, rows: start..<end))
        rows += end - start
        start = end
      }
    }
    return chunks
  }
}
