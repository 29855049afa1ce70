import Testing
import XTTSModel

@testable import XTTSEngine

@Suite struct SchedulerTests {
  let now = ContinuousClock.now

  func segment(rows: Int = 10, limit: Int = 20, held: Int = 20, mayRetry: Bool = false) -> PreparedSegment {
    PreparedSegment(promptRows: rows, codeLimit: limit, heldCodes: held, mayRetry: mayRetry)
  }

  func submit(_ job: PreparedJob, to scheduler: inout Scheduler, expecting: Bool = true) {
    let accepted = scheduler.submit(job)
    #expect(accepted == expecting)
  }

  @Test func fillsSlotsWithSegmentsOfOneRequestButKeepsOneForAnother() {
    var scheduler = Scheduler(limits: .init(slots: 4))
    submit(PreparedJob(id: 0, segments: Array(repeating: segment(), count: 8)), to: &scheduler)
    let first = scheduler.nextStep(now: now)
    #expect(first.admitted.map(\.key.segment) == [0, 1, 2])
    submit(PreparedJob(id: 1, segments: [segment()]), to: &scheduler)
    let second = scheduler.nextStep(now: now)
    #expect(second.admitted.map(\.key) == [SequenceKey(request: 1, segment: 0)])
    #expect(scheduler.slotsInUse == 4)
  }

  @Test func ordersByPriorityThenDeadlineThenArrival() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    let order = [(0, 0, nil), (1, 5, nil), (2, 5, now + .seconds(20)), (3, 5, now + .seconds(10)), (4, 0, nil)]
    for (id, priority, deadline) in order {
      let job = PreparedJob(id: id, priority: priority, deadline: deadline, segments: [segment(rows: 0)])
      submit(job, to: &scheduler)
    }
    var admitted: [Int] = []
    for _ in 0..<1000 where !scheduler.isEmpty {
      let step = scheduler.nextStep(now: now)
      admitted += step.admitted.map(\.key.request)
      for window in step.windows { _ = scheduler.vocoded(window.sequence) }
      for sequence in step.decodes { _ = scheduler.decoded(sequence, stopped: true) }
    }
    #expect(admitted == [3, 2, 1, 0, 4])
  }

  @Test func refusesWhatTheWaitingLineCannotHold() {
    var scheduler = Scheduler(limits: .init(slots: 1, waitingRequests: 2))
    submit(PreparedJob(id: 0, segments: [segment()]), to: &scheduler)
    _ = scheduler.nextStep(now: now)
    submit(PreparedJob(id: 1, segments: [segment()]), to: &scheduler)
    submit(PreparedJob(id: 2, segments: [segment()]), to: &scheduler)
    submit(PreparedJob(id: 3, segments: [segment()]), to: &scheduler, expecting: false)
    #expect(scheduler.waitingRequests == 2)
    scheduler.cancel(1)
    submit(PreparedJob(id: 3, segments: [segment()]), to: &scheduler)
  }

  @Test func aLongPromptDoesNotStallThoseDecoding() {
    var scheduler = Scheduler(limits: .init(slots: 2, prefillChunk: 16, prefillRowsPerStep: 16))
    submit(PreparedJob(id: 0, segments: [segment(rows: 40)]), to: &scheduler)
    // Alone, the whole prompt goes at once, still in chunks cut at fixed rows.
    let alone = scheduler.nextStep(now: now)
    #expect(alone.prefills.map(\.rows) == [0..<16, 16..<32, 32..<40])
    for chunk in alone.prefills { scheduler.prefilled(chunk.sequence, rows: chunk.rows) }
    submit(PreparedJob(id: 1, segments: [segment(rows: 40)]), to: &scheduler)
    let together = scheduler.nextStep(now: now)
    #expect(together.decodes.map(\.key) == [SequenceKey(request: 0, segment: 0)])
    #expect(together.prefills.map(\.rows) == [0..<16])
  }

  @Test func forgetsWhatIsPastItsDeadline() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    submit(PreparedJob(id: 0, deadline: now + .seconds(1), segments: [segment()]), to: &scheduler)
    submit(PreparedJob(id: 1, deadline: now + .seconds(2), segments: [segment()]), to: &scheduler)
    let early = scheduler.nextStep(now: now)
    #expect(early.expired.isEmpty)
    let late = scheduler.nextStep(now: now + .seconds(2))
    #expect(late.expired.map(\.job.id) == [0, 1])
    #expect(scheduler.isEmpty && scheduler.slotsInUse == 0)
  }

  @Test func rewindsARunawayOnceToItsLastDecodedAudio() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    submit(PreparedJob(id: 0, segments: [segment(rows: 0, limit: 40, held: 30, mayRetry: true)]), to: &scheduler)
    var outcomes: [DecodeOutcome] = []
    var kept: [Int] = []
    var sequence: SpeechSequence?
    var windows: [Range<Int>] = []
    while !scheduler.isEmpty {
      let step = scheduler.nextStep(now: now)
      for window in step.windows {
        windows.append(window.codes)
        _ = scheduler.vocoded(window.sequence)
      }
      for running in step.decodes {
        let outcome = scheduler.decoded(running, stopped: false)
        sequence = running
        guard outcome != .running else { continue }
        outcomes.append(outcome)
        kept.append(running.codes.count)
      }
    }
    // Windows are due at 8, 24 and 56 codes: the second is the last that may be heard before the end.
    #expect(outcomes == [.rewound, .ended] && kept == [24, 40])
    #expect(sequence?.hitLimit == true)
    #expect(windows == [0..<8, 8..<24, 24..<40])
  }

  @Test func aPassedOverRequestGetsItsTurn() {
    var scheduler = Scheduler(limits: .init(slots: 1, waitingRequests: 1000))
    submit(PreparedJob(id: 0, priority: 9, segments: [segment(rows: 0)]), to: &scheduler)
    _ = scheduler.nextStep(now: now)
    submit(PreparedJob(id: 1, priority: 0, segments: [segment(rows: 0)]), to: &scheduler)
    var next = 2
    var turns = 0
    while scheduler.request(1)?.startedSegments == 0, turns < 100 {
      let younger = PreparedJob(id: next, priority: 9, deadline: now + .seconds(9), segments: [segment(rows: 0)])
      submit(younger, to: &scheduler)
      next += 1
      let step = scheduler.nextStep(now: now)
      for window in step.windows { _ = scheduler.vocoded(window.sequence) }
      for sequence in step.decodes { _ = scheduler.decoded(sequence, stopped: true) }
      turns += step.admitted.count
    }
    #expect(turns <= 10 * scheduler.limits.agingInterval + 1)
  }

  @Test func aWindowInFlightIsNotBegunAgain() throws {
    var scheduler = Scheduler(limits: .init(slots: 1, windows: .any))
    submit(PreparedJob(id: 0, segments: [segment(rows: 0, limit: 40, held: 40)]), to: &scheduler)
    var begun: [Range<Int>] = []
    for _ in 0..<30 {
      let step = scheduler.nextStep(now: now)
      begun += step.windows.map(\.codes)
      for sequence in step.decodes { _ = scheduler.decoded(sequence, stopped: false) }
    }
    #expect(begun == [0..<8] && scheduler.windowsInFlight == 1)
    let sequence = try #require(scheduler.sequence(SequenceKey(request: 0, segment: 0)))
    _ = scheduler.vocoded(sequence)
    #expect(scheduler.windowsInFlight == 0)
    let next = scheduler.nextStep(now: now)
    #expect(next.windows.map(\.codes) == [8..<24])
    scheduler.cancel(0)
    #expect(scheduler.windowsInFlight == 0)
  }

  @Test func cancellingFreesTheSlotsAndTakesTheSequencesOutOfTheNextStep() {
    var scheduler = Scheduler(limits: .init(slots: 2, reservedSlots: 0))
    submit(PreparedJob(id: 0, segments: [segment(rows: 0), segment(rows: 0), segment(rows: 0)]), to: &scheduler)
    let first = scheduler.nextStep(now: now)
    #expect(first.decodes.count == 2 && scheduler.slotsInUse == 2 && scheduler.waitingSequences == 1)
    let cancelled = [scheduler.cancel(0), scheduler.cancel(0)]
    #expect(cancelled.map { $0?.job.id } == [0, nil])
    #expect(first.decodes.allSatisfy { $0.phase == .cancelled && $0.slot == nil })
    #expect(scheduler.sequence(first.decodes[0].key) == nil)
    let next = scheduler.nextStep(now: now)
    #expect(next.isIdle && scheduler.slotsInUse == 0 && scheduler.isEmpty)
  }

  @Test func theStopCodeEndsASequenceAndItsStepCountsForTheAudio() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    submit(PreparedJob(id: 0, segments: [segment(rows: 0)]), to: &scheduler)
    var outcomes: [DecodeOutcome] = []
    for isStop in [false, false, true] {
      let step = scheduler.nextStep(now: now)
      #expect(step.windows.isEmpty)
      for sequence in step.decodes { outcomes.append(scheduler.decoded(sequence, stopped: isStop)) }
    }
    #expect(outcomes == [.running, .running, .ended] && scheduler.slotsInUse == 0)
    let last = scheduler.nextStep(now: now)
    #expect(last.decodes.isEmpty && last.windows.map(\.codes) == [0..<3] && last.windows.allSatisfy(\.isLast))
    for window in last.windows {
      #expect(window.sequence.codes.count == 2 && !window.sequence.hitLimit)
      let outcome = scheduler.vocoded(window.sequence)
      #expect(outcome == .requestComplete)
    }
    #expect(scheduler.isEmpty)
  }

  @Test func segmentsCompleteInAnyOrderAndTheRequestWithTheLast() {
    var scheduler = Scheduler(limits: .init(slots: 2, reservedSlots: 0))
    submit(PreparedJob(id: 0, segments: [segment(rows: 0), segment(rows: 0)]), to: &scheduler)
    // The second segment ends first.
    for sequence in scheduler.nextStep(now: now).decodes {
      _ = scheduler.decoded(sequence, stopped: sequence.key.segment == 1)
    }
    var outcomes: [Int: WindowOutcome] = [:]
    while !scheduler.isEmpty {
      let step = scheduler.nextStep(now: now)
      for window in step.windows { outcomes[window.sequence.key.segment] = scheduler.vocoded(window.sequence) }
      for sequence in step.decodes { _ = scheduler.decoded(sequence, stopped: true) }
    }
    #expect(outcomes == [1: .segmentComplete, 0: .requestComplete])
  }
}
