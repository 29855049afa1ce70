import SpeechCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ByteBudgetTests {
  private let budget = ByteBudget(limit: 100, of: "test bytes", tooLarge: .audioTooLarge)

  @Test func aReservationGrowsAndShrinksAndIsFreedWithItsLastReference() throws {
    var reservation: ByteReservation? = budget.reservation()
    try reservation?.take(30)
    try reservation?.take(30)
    #expect(budget.usedBytes == 60)
    reservation?.shrink(to: 70)
    #expect(budget.usedBytes == 60)
    reservation?.shrink(to: 20)
    #expect(budget.usedBytes == 20 && reservation?.bytes == 20)
    reservation = nil
    #expect(budget.usedBytes == 0)
  }

  @Test func whoCanNotWaitIsToldToTryAgain() throws {
    let first = budget.reservation()
    try first.take(80)
    let second = budget.reservation()
    #expect { try second.take(30, field: "f") } throws: {
      let error = $0 as? SpeechError
      return error?.code == .overloaded && error?.isRetryable == true && error?.field == "f"
    }
    first.release()
    first.release()
    try second.take(30)
    #expect(budget.usedBytes == 30)
  }

  @Test func whatCanNeverFitIsATrueError() async throws {
    let expected = SpeechError(
      .audioTooLarge, "101 bytes of test bytes are needed; at most 100 are allowed", field: "f")
    #expect(throws: expected) { try budget.reservation().take(101, field: "f") }
    await #expect(throws: expected) { try await budget.reservation().wait(for: 101, field: "f") }
    let grown = budget.reservation()
    try grown.take(100)
    #expect(throws: expected) { try grown.take(1, field: "f") }
  }

  @Test func waitersGetTheirBytesInTheirOrder() async throws {
    let holder = budget.reservation()
    try holder.take(100)
    let order = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        group.addTask { [budget] in
          let reservation = budget.reservation()
          try await reservation.wait(for: 60)
          await order.add(number)
        }
        while budget.waitingCount <= number { await Task.yield() }
      }
      #expect(budget.isExhausted)
      holder.release()
      try await group.waitForAll()
    }
    #expect(await order.numbers == [0, 1, 2, 3])
    #expect(budget.usedBytes == 0 && !budget.isExhausted)
  }

  @Test func aCancelledWaiterHoldsNothingAndBlocksNoOther() async throws {
    let holder = budget.reservation()
    try holder.take(50)
    let large = budget.reservation()
    let waiting = Task { try await large.wait(for: 90) }
    while budget.waitingCount < 1 { await Task.yield() }
    let small = budget.reservation()
    let behind = Task { try await small.wait(for: 50) }
    while budget.waitingCount < 2 { await Task.yield() }
    waiting.cancel()
    await #expect(throws: SpeechError(.cancelled, "the request was cancelled")) { try await waiting.value }
    try await behind.value
    #expect(budget.usedBytes == 100 && large.bytes == 0 && small.bytes == 50)
    // Cancelled before it waits.
    let late = Task {
      try? await Task.sleep(for: .seconds(600))
      try await large.wait(for: 1)
    }
    late.cancel()
    await #expect(throws: SpeechError.self) { try await late.value }
    #expect(budget.waitingCount == 0)
  }

  @Test func manyWaitersAllEndAndLeaveNothingBehind() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask { [budget] in
          let reservation = budget.reservation()
          try await reservation.wait(for: 1 + number % 100)
          #expect(budget.usedBytes <= 100)
          await Task.yield()
        }
      }
      try await group.waitForAll()
    }
    #expect(budget.usedBytes == 0 && budget.waitingCount == 0)
  }

  private actor Order {
    private(set) var numbers: [Int] = []
    func add(_ number: Int) { numbers.append(number) }
  }
}

struct MemoryBudgetsTests {
  private let budgets = MemoryBudgets(bodies: 1 << 20, audio: 1 << 20, replies: 1 << 20, maximumText: 5_000)

  @Test func smallBodiesAreFree() {
    #expect(MemoryBudgets.countedBytes(ofBody: 1_000) == 0)
    #expect(MemoryBudgets.countedBytes(ofBody: MemoryBudgets.freeBodyBytes + 7) == 7)
  }

  @Test func aReplyCountsByItsTextAndNeverForMoreThanAll() {
    #expect(budgets.replyBytes(for: SynthesisRequest(text: "hello")) == 5 * 6_400)
    #expect(budgets.replyBytes(for: SynthesisRequest(text: String(repeating: "x", count: 1_000))) == 1 << 20)
    // A text that will be refused needs no more than the longest accepted text.
    let wide = MemoryBudgets(maximumText: 10)
    #expect(wide.replyBytes(for: SynthesisRequest(text: String(repeating: "x", count: 10_000))) == 10 * 6_400)
  }

  @Test func aRequestThatCanNotWaitIsRefusedForItsReplyOrItsRecording() throws {
    let spoken = SynthesisRequest(text: "hello", voice: .inline(.init([1])))
    let held = try budgets.admit(spoken)
    #expect(budgets.replies.usedBytes == held.bytes)
    let recording = budgets.audio.reservation()
    try recording.take(1 << 20)
    for voice in [VoiceReference.inline(.init([1])), .url("http://x/")] {
      #expect { try budgets.admit(SynthesisRequest(text: "hello", voice: voice)) } throws: {
        ($0 as? SpeechError)?.code == .overloaded
      }
      #expect { try budgets.admit(VoiceRegistration(samples: [voice])) } throws: {
        ($0 as? SpeechError)?.code == .overloaded
      }
    }
    // Who brings none does not suffer from other people's recordings.
    _ = try budgets.admit(SynthesisRequest(text: "hello"))
    let all = budgets.replies.reservation()
    try all.take((1 << 20) - budgets.replies.usedBytes)
    #expect { try budgets.admit(SynthesisRequest(text: "hello")) } throws: {
      ($0 as? SpeechError)?.code == .overloaded
    }
  }
}
