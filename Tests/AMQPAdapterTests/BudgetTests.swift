import Foundation
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// AMQP requests wait for memory: none fails, and requests that fit continue.
@Suite(.timeLimit(.minutes(2)))
struct BudgetTests {
  private func padded(_ json: String, to count: Int = 200_000) -> Data {
    Data((json + String(repeating: " ", count: count - json.utf8.count)).utf8)
  }

  @Test func aBodyThatIsTooMuchNowWaitsAtTheBroker() async throws {
    let bus = try await BusFixture(budgets: MemoryBudgets(bodies: 300_000))
    let requester = try await bus.requester()
    let (queue, retry) = (bus.configuration.names.synthesize, bus.configuration.names.retry(after: .milliseconds(200)))
    let others = bus.budgets.bodies.reservation()
    try others.take(250_000)
    let large = Task { try await requester.send(padded(#"{"text":"large"}"#), to: queue) }
    // The request was sent back for the second time.
    try await eventually { try await bus.messageCount(retry) == 1 }
    for number in 0..<20 { _ = try await requester.synthesize(SynthesisRequest(text: "small \(number)")) }
    #expect(!bus.handler.started.contains("large"))
    #expect(bus.budgets.bodies.usedBytes == 250_000)
    others.release()
    _ = try JSONDecoder().decode(SynthesisReply.self, from: try await large.value.body)
    // A request that is sent back has used no attempt, and does not count as a postponement of its user.
    #expect(bus.handler.refusals.isEmpty && bus.events.count(.postponed) == 0)
    #expect(bus.handler.started.count { $0 == "large" } == 1)
    try await eventually { bus.budgets.bodies.usedBytes == 0 && bus.budgets.replies.usedBytes == 0 }
    await requester.close()
    await bus.stop()
  }

  @Test func aBodyWithADeadlineThatCanNotWaitIsRefusedAsOverloaded() async throws {
    let bus = try await BusFixture(budgets: MemoryBudgets(bodies: 300_000)) { $0.retryDelays = [.seconds(60)] }
    let requester = try await bus.requester()
    let others = bus.budgets.bodies.reservation()
    try others.take(250_000)
    let reply = try await requester.send(
      padded(#"{"text":"large"}"#), to: bus.configuration.names.synthesize,
      options: RequestOptions(deadline: Date(timeIntervalSinceNow: 30)))
    let error = try JSONDecoder().decode(ErrorReply.self, from: reply.body).error
    #expect(error.code == .overloaded && error.isRetryable && error.message.contains("request bodies"))
    #expect(bus.handler.refusals.map(\.code) == [.overloaded] && bus.events.count(.userRefused) == 0)
    await requester.close()
    await bus.stop()
  }

  @Test func aRegistrationWaitsForItsBody() async throws {
    let bus = try await BusFixture(budgets: MemoryBudgets(bodies: 300_000))
    let requester = try await bus.requester()
    let names = bus.configuration.names
    let others = bus.budgets.bodies.reservation()
    try others.take(250_000)
    let body = padded(#"{"display_name":"Ada","speaker_wav_base64":"AAAA"}"#)
    let registration = Task { try await requester.request(VoiceSummary.self, body, to: names.registerVoice) }
    try await eventually { bus.budgets.bodies.waitingCount == 1 }
    _ = try await requester.send(Data("{}".utf8), to: names.listVoices)
    others.release()
    #expect(try await registration.value.displayName == "Ada")
    try await eventually { bus.budgets.bodies.usedBytes == 0 }
    await requester.close()
    await bus.stop()
  }

  @Test func aRequestWaitsForRoomForItsReplyAndCanBeCancelled() async throws {
    let bus = try await BusFixture(budgets: MemoryBudgets(replies: 10 * 6_400))
    let requester = try await bus.requester()
    let replies = bus.budgets.replies
    let others = replies.reservation()
    try others.take(10 * 6_400)
    let request = { (text: String, options: RequestOptions) in
      Task { try await requester.synthesize(SynthesisRequest(text: text), options: options) }
    }
    let first = request("first", RequestOptions())
    try await eventually { bus.service.currentState.waitingCount == 1 }
    let cancelled = request("cancelled", RequestOptions(correlationID: "cancelled"))
    try await eventually { bus.service.currentState.waitingCount == 2 }
    let late = request("late", RequestOptions(deadline: Date(timeIntervalSinceNow: 0.5)))
    try await requester.cancel(correlationID: "cancelled")
    #expect(await #expect(throws: AMQPAdapterError.self) { try await cancelled.value }?.reply?.code == .cancelled)
    #expect(await #expect(throws: AMQPAdapterError.self) { try await late.value }?.reply?.code == .deadlineExceeded)
    // The first one waits without a slot.
    let state = bus.service.currentState
    #expect(state.waitingCount == 1 && state.runningCount == 0 && bus.handler.started.isEmpty)
    // Each has an audit record, although it never reached the handler.
    #expect(Set(bus.handler.refusals.map(\.code)) == [.cancelled, .deadlineExceeded])
    others.release()
    _ = try await first.value
    #expect(bus.handler.started == ["first"])
    try await eventually { replies.usedBytes == 0 }
    await requester.close()
    await bus.stop()
  }

  @Test func longTextsTakeTurnsAndAllAreAnswered() async throws {
    let bus = try await BusFixture(budgets: MemoryBudgets(replies: 40 * 6_400)) { $0.slots = 8 }
    let requester = try await bus.requester()
    let text = String(repeating: "long ", count: 8)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<24 {
        group.addTask {
          _ = try await requester.synthesize(SynthesisRequest(text: number.isMultiple(of: 2) ? text : "s\(number)"))
        }
      }
      try await group.waitForAll()
    }
    #expect(bus.handler.started.count == 24)
    try await eventually { bus.budgets.replies.usedBytes == 0 && bus.budgets.replies.waitingCount == 0 }
    await requester.close()
    await bus.stop()
  }
}
