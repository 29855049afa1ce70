import Foundation
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

@Suite(.timeLimit(.minutes(2)))
struct FlowTests {
  @Test func streamsWithoutAGapAndEndsWithTheReply() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    var request = SynthesisRequest(text: "bytes=1000 chunks=8 streamed", format: .pcm)
    request.stream = true
    let messages = Mutex<[RawReply]>([])
    let final = try await requester.send(
      try JSONEncoder().encode(request), to: bus.configuration.names.synthesize
    ) { message in messages.withLock { $0.append(message) } }
    let all = messages.withLock { $0 }
    #expect(all.map(\.sequence) == Array(0...8))
    #expect(all.map(\.isFinal) == Array(repeating: false, count: 8) + [true])
    let reply = try JSONDecoder().decode(SynthesisReply.self, from: final.body)
    #expect(reply.audio == nil && reply.format == .pcm)

    let audio = Mutex(Data())
    _ = try await requester.synthesize(request) { piece in audio.withLock { $0.append(piece) } }
    #expect(audio.withLock { $0 } == StubSpeechHandler.audio(for: request.text, byteCount: 1000))
    await requester.close()
    await bus.stop()
  }

  @Test func aFailureMidwayEndsTheStreamWithTheNextNumber() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    var request = SynthesisRequest(text: "chunks=8 failafter=3")
    request.stream = true
    let final = try await requester.send(try JSONEncoder().encode(request), to: bus.configuration.names.synthesize)
    #expect(final.sequence == 3 && final.isFinal)
    #expect(try JSONDecoder().decode(ErrorReply.self, from: final.body).error.code == .internal)
    #expect(bus.handler.started.count == 1)
    await requester.close()
    await bus.stop()
  }

  @Test func anExpiredRequestIsNotStarted() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let error = await #expect(throws: AMQPAdapterError.self) {
      try await requester.synthesize(
        SynthesisRequest(text: "late"), options: RequestOptions(deadline: Date(timeIntervalSinceNow: -1)))
    }
    #expect(error?.reply?.code == .deadlineExceeded)
    #expect(bus.handler.started.isEmpty)
    #expect(bus.events.count(.skipped(.deadline)) == 1)
    await requester.close()
    await bus.stop()
  }

  @Test func theDeadlineEndsRunningWork() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let began = ContinuousClock.now
    let error = await #expect(throws: AMQPAdapterError.self) {
      try await requester.synthesize(
        SynthesisRequest(text: "sleep=60000"), options: RequestOptions(deadline: Date(timeIntervalSinceNow: 0.5)))
    }
    #expect(error?.reply?.code == .deadlineExceeded)
    #expect(ContinuousClock.now - began < .seconds(20))
    await requester.close()
    await bus.stop()
  }

  @Test func aGoneRequesterEndsRunningWork() async throws {
    let bus = try await BusFixture { $0.requesterCheckInterval = .milliseconds(100) }
    let requester = try await bus.requester(.exclusiveQueue(nil))
    let body = try JSONEncoder().encode(SynthesisRequest(text: "sleep=60000"))
    let reply = Task { try await requester.send(body, to: bus.configuration.names.synthesize) }
    try await eventually { bus.service.currentState.runningCount == 1 }
    await requester.close()
    await #expect(throws: AMQPAdapterError.self) { try await reply.value }
    try await eventually { bus.events.count(.skipped(.requesterGone)) == 1 }
    #expect(bus.service.currentState.runningCount == 0)
    #expect(try await bus.messageCount(bus.configuration.names.dead) == 0)
    await bus.stop()
  }

  @Test func cancelsEndRunningAndWaitingRequestsAndFreeTheSlot() async throws {
    let bus = try await BusFixture { $0.slots = 1 }
    let requester = try await bus.requester()
    let running = Task {
      try await requester.synthesize(
        SynthesisRequest(text: "sleep=600000"), options: RequestOptions(correlationID: "running"))
    }
    try await eventually { bus.handler.started.count == 1 }
    let waiting = Task {
      try await requester.synthesize(
        SynthesisRequest(text: "never begun"), options: RequestOptions(correlationID: "waiting"))
    }
    try await eventually { bus.service.currentState.waitingCount == 1 }
    try await requester.cancel(correlationID: "waiting")
    try await requester.cancel(correlationID: "running")
    let error = await #expect(throws: AMQPAdapterError.self) { try await running.value }
    #expect(error?.reply?.code == .cancelled)
    await #expect(throws: AMQPAdapterError.self) { try await waiting.value }
    // The slot is free: without the cancel, the only slot would be taken for ten minutes.
    _ = try await requester.synthesize(SynthesisRequest(text: "next"))
    #expect(bus.handler.started == ["sleep=600000", "next"])
    #expect(bus.events.count(.skipped(.cancelled)) == 2)
    await requester.close()
    await bus.stop()
  }

  @Test func higherPriorityThenEarlierDeadlineGoesFirst() async throws {
    let bus = try await BusFixture {
      $0.slots = 1
      $0.lookahead = 10
    }
    let requester = try await bus.requester()
    let first = Task { try await requester.synthesize(SynthesisRequest(text: "sleep=700 first")) }
    try await eventually { bus.service.currentState.runningCount == 1 }
    let order: [(String, UInt8, Double?)] = [
      ("low", 0, nil), ("late", 5, 200), ("early", 5, 100), ("no deadline", 5, nil), ("high", 9, nil),
    ]
    var tasks: [Task<SynthesisReply, any Error>] = []
    for (index, (text, priority, deadline)) in order.enumerated() {
      let options = RequestOptions(priority: priority, deadline: deadline.map { Date(timeIntervalSinceNow: $0) })
      tasks.append(Task { try await requester.synthesize(SynthesisRequest(text: text), options: options) })
      try await eventually { bus.service.currentState.waitingCount == index + 1 || first.isCancelled }
    }
    for task in [first] + tasks { _ = try await task.value }
    #expect(bus.handler.started.dropFirst() == ["high", "early", "late", "no deadline", "low"])
    await requester.close()
    await bus.stop()
  }

  @Test func prefetchFollowsTheSlots() async throws {
    let bus = try await BusFixture {
      $0.slots = 1
      $0.lookahead = 1
    }
    let requester = try await bus.requester()
    let tasks = (0..<8).map { number in
      Task { try await requester.synthesize(SynthesisRequest(text: "sleep=1500 \(number)")) }
    }
    try await eventually { bus.service.currentState.runningCount == 1 && bus.service.currentState.waitingCount == 1 }
    await bus.service.setSlots(6)
    try await eventually { bus.service.currentState.runningCount == 6 }
    for task in tasks { _ = try await task.value }
    await requester.close()
    await bus.stop()
  }

  @Test func replyOverTheBrokersLimit() async throws {
    let bus = try await BusFixture { $0.maxReplyMessageBytes = 10_000 }
    let requester = try await bus.requester()
    let error = await #expect(throws: AMQPAdapterError.self) {
      try await requester.synthesize(SynthesisRequest(text: "bytes=20000"))
    }
    #expect(error?.reply?.code == .replyTooLarge)
    await requester.close()
    await bus.stop()
  }

  @Test func aMissingQueueIsSaidAtOnce() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let error = await #expect(throws: AMQPAdapterError.self) {
      try await requester.send(Data(), to: "no-such-queue")
    }
    #expect(error?.code == .queueMissing)
    await requester.close()
    await bus.stop()
  }
}
