import TestSupport
import Testing
import XTTSModel

@testable import XTTSEngine

/// Random schedules: requests come, are cancelled, expire, stop and run on in any order.
@Suite struct SchedulerPropertyTests {
  @Test func invariantsHoldOnTenThousandRandomSchedules() throws {
    for seed in 0..<10_000 {
      var run = Run(seed: UInt64(seed))
      try run.play()
    }
  }

  /// One schedule, with a second record of the scheduler's state.
  private struct Run {
    var random: SplitMix64
    var scheduler: Scheduler
    var now = ContinuousClock.now
    var jobs: [Int: PreparedJob] = [:]
    /// Requests in the scheduler.
    var live: Set<Int> = []
    var slots: [SequenceKey: Int] = [:]
    var prefilledRows: [SequenceKey: Int] = [:]
    var codes: [SequenceKey: Int] = [:]
    var vocodedCodes: [SequenceKey: Int] = [:]
    var ended: Set<SequenceKey> = []
    var nextID = 0
    var seed: UInt64

    init(seed: UInt64) {
      self.seed = seed
      random = SplitMix64(seed: seed)
      let slots = Int.random(in: 1...5, using: &random)
      scheduler = Scheduler(
        limits: .init(
          slots: slots, waitingRequests: Int.random(in: 0...6, using: &random),
          prefillChunk: Int.random(in: 1...8, using: &random),
          prefillRowsPerStep: Int.random(in: 1...12, using: &random),
          vocodedCodesPerStep: Int.random(in: 1...32, using: &random),
          reservedSlots: Int.random(in: 0...2, using: &random)))
    }

    private struct Violation: Error, CustomStringConvertible {
      var description: String
    }

    /// Lighter than `#expect`, which would take most of the time here.
    func check(_ holds: Bool, _ rule: @autoclosure () -> String = "", line: Int = #line) throws {
      if !holds { throw Violation(description: "seed \(seed), line \(line): \(rule())") }
    }

    mutating func play() throws {
      let arrivals = Int.random(in: 1...4, using: &random)
      var steps = 0
      while nextID < arrivals || !scheduler.isEmpty {
        if nextID < arrivals, Int.random(in: 0..<4, using: &random) == 0 { try submit() }
        if Int.random(in: 0..<60, using: &random) == 0, let victim = live.sorted().randomElement(using: &random) {
          try cancel(victim)
        }
        now += .milliseconds(Int.random(in: 0...20, using: &random))
        try step()
        steps += 1
        try #require(steps < 4000, "a sequence never ends")
      }
      try check(live.isEmpty && scheduler.slotsInUse == 0)
    }

    mutating func submit() throws {
      let segments = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        let limit = Int.random(in: 1...14, using: &random)
        return PreparedSegment(
          promptRows: Int.random(in: 0...12, using: &random), codeLimit: limit,
          heldCodes: Int.random(in: 0...limit, using: &random), mayRetry: Bool.random(using: &random))
      }
      let deadline = Int.random(in: 0..<8, using: &random) == 0 ? now + .milliseconds(200) : nil
      let windows = WindowPolicy(
        firstCodes: Int.random(in: 1...9, using: &random), secondCodes: Int.random(in: 1...6, using: &random),
        maximumCodes: Int.random(in: 4...16, using: &random))
      let job = PreparedJob(
        id: nextID, priority: Int.random(in: 0...9, using: &random), deadline: deadline, windows: windows,
        segments: segments)
      nextID += 1
      let freeSlots = scheduler.limits.slots - scheduler.slotsInUse
      let hadRoom = scheduler.waitingRequests < max(scheduler.limits.waitingRequests, freeSlots)
      let accepted = scheduler.submit(job)
      try check(accepted == hadRoom)
      guard accepted else { return }
      jobs[job.id] = job
      live.insert(job.id)
    }

    mutating func cancel(_ id: Int) throws {
      let held = slots.keys.count { $0.request == id }
      let before = scheduler.slotsInUse
      let cancelled = scheduler.cancel(id)
      try check(cancelled?.job.id == id)
      try check(scheduler.slotsInUse == before - held, "cancel frees its slots")
      forget(id)
    }

    mutating func forget(_ id: Int) {
      live.remove(id)
      slots = slots.filter { $0.key.request != id }
    }

    mutating func step() throws {
      let step = scheduler.nextStep(now: now)
      for request in step.expired {
        let deadline = try #require(request.job.deadline)
        try check(deadline <= now)
        forget(request.job.id)
      }
      for sequence in step.admitted { slots[sequence.key] = sequence.slot }
      try checkSlots()
      try check(Set(step.decodes.map(\.key)).count == step.decodes.count)
      if !scheduler.isEmpty { try check(!step.isIdle, "work is left but nothing is done") }
      for window in step.windows { try vocode(window) }
      for chunk in step.prefills {
        let key = chunk.sequence.key
        guard live.contains(key.request) else { continue }
        try check(chunk.rows.lowerBound == prefilledRows[key, default: 0], "chunks come in order")
        try check(chunk.rows.count <= scheduler.limits.prefillChunk)
        try check(chunk.rows.lowerBound % scheduler.limits.prefillChunk == 0)
        prefilledRows[key] = chunk.rows.upperBound
        scheduler.prefilled(chunk.sequence, rows: chunk.rows)
      }
      for sequence in step.decodes where live.contains(sequence.key.request) { try decode(sequence) }
    }

    /// Every sequence in a slot has its own, and keeps it.
    func checkSlots() throws {
      var held: [Int] = []
      for id in live {
        let request = try #require(scheduler.request(id))
        for sequence in request.sequences {
          guard let slot = sequence.slot else { continue }
          try check(slots[sequence.key] == slot, "a sequence keeps its slot")
          held.append(slot)
        }
      }
      try check(Set(held).count == held.count, "a slot is held twice")
      try check(held.count == slots.count && held.count == scheduler.slotsInUse)
      try check(held.allSatisfy { $0 >= 0 && $0 < scheduler.limits.slots })
    }

    mutating func decode(_ sequence: SpeechSequence) throws {
      let (key, segment) = (sequence.key, sequence.segment)
      try check(prefilledRows[key, default: 0] == segment.promptRows, "decoded before its prompt")
      try check(!ended.contains(key))
      let outcome = scheduler.decoded(sequence, stopped: Int.random(in: 0..<16, using: &random) == 0)
      codes[key, default: 0] += 1
      try check(codes[key, default: 0] <= segment.codeLimit)
      switch outcome {
      case .running: break
      case .rewound:
        let kept = sequence.codes.count
        try check(segment.mayRetry && kept < codes[key, default: 0] && kept <= segment.heldCodes)
        codes[key] = kept
      case .ended:
        try check(sequence.hitLimit ? codes[key] == segment.codeLimit : sequence.hasStopCode)
        ended.insert(key)
        slots[key] = nil
      }
    }

    mutating func vocode(_ window: SchedulerStep.Window) throws {
      let key = window.sequence.key
      let job = try #require(jobs[key.request])
      let made = codes[key, default: 0]
      try check(window.codes.lowerBound == vocodedCodes[key, default: 0], "windows follow one another")
      try check(window.codes.upperBound <= made && (!window.codes.isEmpty || window.isLast))
      let hasEnded = ended.contains(key)
      try check(hasEnded || !window.isLast, "the last window comes after the end")
      try check(hasEnded || window.codes.upperBound <= window.sequence.segment.heldCodes)
      vocodedCodes[key] = window.codes.upperBound
      switch scheduler.vocoded(window.sequence) {
      case .moreToCome: break
      case .segmentComplete: try check(window.codes.upperBound == made && ended.contains(key))
      case .requestComplete:
        for segment in job.segments.indices {
          let key = SequenceKey(request: job.id, segment: segment)
          try check(ended.contains(key) && vocodedCodes[key] == codes[key], "complete with audio missing")
        }
        forget(job.id)
      }
    }
  }
}
