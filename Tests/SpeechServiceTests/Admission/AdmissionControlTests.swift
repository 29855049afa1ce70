import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

@Suite(.timeLimit(.minutes(1)))
struct AdmissionControlTests {
  private func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
  }

  @Test func theSecondWaitsTheThirdIsRefusedAndOthersPass() async throws {
    let refusals = Mutex(0)
    let admission = AdmissionControl(limits: UserLimits(running: 1, waiting: 1)) { refusals.withLock { $0 += 1 } }
    let first = try await admission.slot(for: .init(user: "ada"))
    let second = Task { try await admission.slot(for: .init(user: "ada")) }
    await until { admission.counts.waiting == 1 }
    let error = await #expect(throws: SpeechError.self) { try await admission.slot(for: .init(user: "ada")) }
    #expect(error?.code == .overloaded && error?.field == "user_id" && refusals.withLock { $0 } == 1)
    let others = (try await admission.slot(for: .init(user: "bob")), try await admission.slot(for: .init(user: nil)))
    #expect(admission.counts == .init(running: 3, waiting: 1, users: 2, largestShare: 2))
    first.release()
    let granted = try await second.value
    for slot in [granted, others.0, others.1] { slot.release() }
    #expect(admission.counts.running == 0 && admission.counts.users == 0)
  }

  @Test func usersTakeTurnsOverBothTransports() async throws {
    let admission = AdmissionControl(slots: 1)
    let order = Mutex<[String]>([])
    let first = try await admission.slot(for: .init(user: "ada"))
    func deliver(_ user: String, _ name: String) {
      #expect(
        admission.enter(.init(user: user)) { slot in
          order.withLock { $0.append(name) }
          slot?.release()
        })
    }
    deliver("ada", "bus 1")
    deliver("ada", "bus 2")
    let web = Task {
      let slot = try await admission.slot(for: .init(user: "bob"))
      order.withLock { $0.append("http") }
      slot.release()
    }
    await until { admission.counts.waiting == 3 }
    first.release()
    try await web.value
    await until { admission.counts.running == 0 }
    #expect(order.withLock { $0 } == ["http", "bus 1", "bus 2"])
  }

  /// The next request waits for its memory without a slot, and no later one passes it.
  @Test func theNextRequestWaitsForItsMemoryWithoutASlot() async throws {
    let replies = MemoryBudgets(replies: 100).replies
    let admission = AdmissionControl(slots: 2, replies: replies)
    let slots = Mutex<[String: Slot]>([:])
    func enter(_ name: String, _ bytes: Int) {
      let claim = AdmissionControl.Claim(user: name, replyBytes: bytes, requestID: name)
      #expect(admission.enter(claim) { slot in slots.withLock { $0[name] = slot } })
    }
    func running() -> [String] { slots.withLock { $0.keys.sorted() } }
    enter("first", 80)
    enter("large", 90)
    enter("small", 10)
    #expect(running() == ["first"] && admission.counts.running == 1 && replies.usedBytes == 80)
    slots.withLock { $0["first"] }?.memory.shrink(to: 50)
    #expect(running() == ["first"])
    admission.withdraw(requestID: "large")
    #expect(running() == ["first", "small"] && replies.usedBytes == 60)
    enter("next", 100)
    for slot in slots.withLock({ $0.values }) { slot.release() }
    #expect(admission.counts.running == 0 && admission.counts.waiting == 1)
    for slot in slots.withLock({ $0.values }) { slot.memory.release() }
    #expect(running() == ["first", "next", "small"] && replies.usedBytes == 100)
  }

  @Test func aCancelledWaiterLeavesAndNeverRuns() async throws {
    let admission = AdmissionControl(slots: 1)
    let first = try await admission.slot(for: .init(user: nil))
    let second = Task { try await admission.slot(for: .init(user: nil)) }
    await until { admission.counts.waiting == 1 }
    second.cancel()
    await #expect(throws: SpeechError.self) { try await second.value }
    #expect(admission.counts.waiting == 0 && admission.isFull)
    first.release()
    first.release()
    #expect(admission.counts.running == 0)
  }

  @Test func aSourceWithdrawsItsRequestsOnly() async throws {
    let admission = AdmissionControl(slots: 1)
    let (lost, other) = (Source(), Source())
    let first = try await admission.slot(for: .init(user: nil))
    let results = Mutex<[String]>([])
    for (name, source) in [("lost", lost), ("other", other)] {
      _ = admission.enter(.init(user: nil, source: ObjectIdentifier(source))) { slot in
        results.withLock { $0.append(name + (slot == nil ? " withdrawn" : " started")) }
      }
    }
    admission.withdraw(source: ObjectIdentifier(lost))
    #expect(results.withLock { $0 } == ["lost withdrawn"])
    first.release()
    #expect(results.withLock { $0 } == ["lost withdrawn", "other started"])
  }
}

private final class Source {}
