import Testing
import XTTSModel

@testable import XTTSEngine

@Suite struct SchedulerTests {
  let now = ContinuousClock.now

  func demand(rows: Int = 10, limit: Int = 20, held: Int = 20, mayRetry: Bool = false) -> SegmentDemand {
    SegmentDemand(promptRows: rows, codeLimit: limit, heldCodes: held, mayRetry: mayRetry)
  }

  func submit(_ submission: Submission, to scheduler: inout Scheduler, expecting: Bool = true) {
    let accepted = scheduler.submit(submission)
    #expect(accepted == expecting)
  }

  @Test func fillsSlotsWithSegmentsOfOneRequestButKeepsOneForAnother() {
    var scheduler = Scheduler(limits: .init(slots: 4))
    submit(Submission(id: 0, segments: Array(repeating: demand(), count: 8)), to: &scheduler)
    let first = scheduler.nextStep(now: now)
    #expect(first.admitted.map(\.key.segment) == [0, 1, 2])
    submit(Submission(id: 1, segments: [demand()]), to: &scheduler)
    let second = scheduler.nextStep(now: now)
    #expect(second.admitted.map(\.key) == [SequenceKey(request: 1, segment: 0)])
    #expect(scheduler.slotsInUse == 4)
  }

  @Test func ordersByPriorityThenDeadlineThenArrival() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    let order = [(0, 0, nil), (1, 5, nil), (2, 5, now + .seconds(20)), (3, 5, now + .seconds(10)), (4, 0, nil)]
    for (id, priority, deadline) in order {
      let submission = Submission(id: id, priority: priority, deadline: deadline, segments: [demand(rows: 0)])
      submit(submission, to: &scheduler)
    }
    var admitted: [Int] = []
    for _ in 0..<1000 where !scheduler.isEmpty {
      let step = scheduler.nextStep(now: now)
      admitted += step.admitted.map(\.key.request)
      for window in step.windows { _ = scheduler.vocoded(window.key) }
      for key in step.decodes { _ = scheduler.decoded(key, stopped: true) }
    }
    #expect(admitted == [3, 2, 1, 0, 4])
  }

  @Test func refusesWhatTheWaitingLineCannotHold() {
    var scheduler = Scheduler(limits: .init(slots: 1, waitingRequests: 2))
    submit(Submission(id: 0, segments: [demand()]), to: &scheduler)
    _ = scheduler.nextStep(now: now)
    submit(Submission(id: 1, segments: [demand()]), to: &scheduler)
    submit(Submission(id: 2, segments: [demand()]), to: &scheduler)
    submit(Submission(id: 3, segments: [demand()]), to: &scheduler, expecting: false)
    #expect(scheduler.waitingRequests == 2)
    scheduler.cancel(1)
    submit(Submission(id: 3, segments: [demand()]), to: &scheduler)
  }

  @Test func aLongPromptDoesNotStallThoseDecoding() {
    var scheduler = Scheduler(limits: .init(slots: 2, prefillChunk: 16, prefillRowsPerStep: 16))
    submit(Submission(id: 0, segments: [demand(rows: 40)]), to: &scheduler)
    // Alone, the whole prompt goes at once, still in chunks cut at fixed rows.
    let alone = scheduler.nextStep(now: now)
    #expect(alone.prefills.map(\.rows) == [0..<16, 16..<32, 32..<40])
    for chunk in alone.prefills { scheduler.prefilled(chunk.key, rows: chunk.rows) }
    submit(Submission(id: 1, segments: [demand(rows: 40)]), to: &scheduler)
    let together = scheduler.nextStep(now: now)
    #expect(together.decodes == [SequenceKey(request: 0, segment: 0)])
    #expect(together.prefills.map(\.rows) == [0..<16])
  }

  @Test func forgetsWhatIsPastItsDeadline() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    submit(Submission(id: 0, deadline: now + .seconds(1), segments: [demand()]), to: &scheduler)
    submit(Submission(id: 1, deadline: now + .seconds(2), segments: [demand()]), to: &scheduler)
    let early = scheduler.nextStep(now: now)
    #expect(early.expired.isEmpty)
    let late = scheduler.nextStep(now: now + .seconds(2))
    #expect(late.expired == [0, 1])
    #expect(scheduler.isEmpty && scheduler.slotsInUse == 0)
  }

  @Test func rewindsARunawayOnceToItsLastDecodedAudio() {
    var scheduler = Scheduler(limits: .init(slots: 1))
    submit(Submission(id: 0, segments: [demand(rows: 0, limit: 40, held: 30, mayRetry: true)]), to: &scheduler)
    let key = SequenceKey(request: 0, segment: 0)
    var outcomes: [DecodeOutcome] = []
    var windows: [Range<Int>] = []
    while !scheduler.isEmpty {
      let step = scheduler.nextStep(now: now)
      for window in step.windows {
        windows.append(window.codes)
        _ = scheduler.vocoded(key)
      }
      for key in step.decodes {
        if let outcome = scheduler.decoded(key, stopped: false), outcome != .running { outcomes.append(outcome) }
      }
    }
    // Windows are due at 8, 24 and 56 codes: the second is the last that may be heard before the end.
    #expect(outcomes == [.rewound(codes: 24), .ended(hitLimit: true)])
    #expect(windows == [0..<8, 8..<24, 24..<40])
  }

  @Test func aPassedOverRequestGetsItsTurn() {
    var scheduler = Scheduler(limits: .init(slots: 1, waitingRequests: 1000))
    submit(Submission(id: 0, priority: 9, segments: [demand(rows: 0)]), to: &scheduler)
    _ = scheduler.nextStep(now: now)
    submit(Submission(id: 1, priority: 0, segments: [demand(rows: 0)]), to: &scheduler)
    var next = 2
    var turns = 0
    while scheduler.request(1)?.hasStarted == false, turns < 100 {
      let younger = Submission(id: next, priority: 9, deadline: now + .seconds(9), segments: [demand(rows: 0)])
      submit(younger, to: &scheduler)
      next += 1
      let step = scheduler.nextStep(now: now)
      for window in step.windows { _ = scheduler.vocoded(window.key) }
      for key in step.decodes { _ = scheduler.decoded(key, stopped: true) }
      turns += step.admitted.count
    }
    #expect(turns <= 10 * scheduler.limits.agingInterval + 1)
  }

  @Test func aWindowInFlightIsNotBegunAgain() {
    var scheduler = Scheduler(limits: .init(slots: 1, windows: .any))
    submit(Submission(id: 0, segments: [demand(rows: 0, limit: 40, held: 40)]), to: &scheduler)
    let key = SequenceKey(request: 0, segment: 0)
    var begun: [Range<Int>] = []
    for _ in 0..<30 {
      let step = scheduler.nextStep(now: now)
      begun += step.windows.map(\.codes)
      for key in step.decodes { _ = scheduler.decoded(key, stopped: false) }
    }
    #expect(begun == [0..<8] && scheduler.windowsInFlight == 1)
    _ = scheduler.vocoded(key)
    #expect(scheduler.windowsInFlight == 0)
    let next = scheduler.nextStep(now: now)
    #expect(next.windows.map(\.codes) == [8..<24])
    scheduler.cancel(0)
    #expect(scheduler.windowsInFlight == 0)
  }
}
