import SpeechCore
import Testing

@testable import AMQPAdapter

struct PostponePolicyTests {
  private let policy = PostponePolicy(delays: [.seconds(1), .seconds(5), .seconds(30)])
  private let now = ContinuousClock.now
  private let refusal = SpeechError(.overloaded, "busy")

  private func decision(_ postponements: Int, deadline: Double? = nil, hasReplyTo: Bool = true)
    -> PostponePolicy.Decision
  {
    policy.decision(
      postponements: postponements, deadline: deadline.map { now + .seconds($0) }, hasReplyTo: hasReplyTo,
      now: now, refusal: refusal)
  }

  @Test func theFirstPauseIsShortAndTheSecondRepeats() {
    #expect(decision(0) == .wait(.seconds(1)))
    #expect(decision(1) == .wait(.seconds(5)) && decision(900) == .wait(.seconds(5)))
    #expect(decision(-3) == .wait(.seconds(1)))
  }

  @Test func aRequestWhoseDeadlineWouldPassIsRefused() {
    #expect(decision(1, deadline: 5) == .refuse(refusal))
    #expect(decision(1, deadline: 5.1) == .wait(.seconds(5)))
    #expect(decision(1, deadline: 5, hasReplyTo: false) == .wait(.seconds(5)))
  }
}
