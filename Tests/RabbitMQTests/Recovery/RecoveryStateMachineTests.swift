import SpeechCore
import Testing

@testable import RabbitMQ

struct RecoveryStateMachineTests {
  private let unreachable = RabbitMQError(.connectFailed, "connection refused")
  private let refused = RabbitMQError(.accessRefused, "wrong password", replyCode: 403)
  private let backOff = RetryBackoff(initial: .seconds(1), maximum: .seconds(4))

  @Test func triesEveryHostThenWaits() {
    var machine = RecoveryStateMachine(endpointCount: 3, backOff: backOff)
    #expect(machine.start() == .connect(endpoint: 0))
    #expect(machine.failed(unreachable, random: 0) == .connect(endpoint: 1))
    #expect(machine.failed(unreachable, random: 0) == .connect(endpoint: 2))
    #expect(machine.failed(unreachable, random: 0) == .wait(.seconds(1)))
    #expect(machine.waited() == .connect(endpoint: 0))
  }

  @Test func waitsLongerEachTimeUpToTheMaximum() {
    var machine = RecoveryStateMachine(endpointCount: 1, backOff: backOff)
    _ = machine.start()
    for expected in [1, 2, 4, 4] {
      #expect(machine.failed(unreachable, random: 0) == .wait(.seconds(expected)))
      #expect(machine.waited() == .connect(endpoint: 0))
    }
  }

  @Test func aLastingConnectionStartsTheBackOffAnew() {
    var machine = RecoveryStateMachine(endpointCount: 1, backOff: backOff)
    _ = machine.start()
    _ = machine.connected()
    #expect(machine.lost(after: .seconds(1), random: 0) == .wait(.seconds(1)))
    _ = machine.waited()
    _ = machine.connected()
    #expect(machine.lost(after: .seconds(1), random: 0) == .wait(.seconds(2)))
    _ = machine.waited()
    _ = machine.connected()
    #expect(machine.lost(after: .seconds(60), random: 0) == .wait(.seconds(1)))
  }

  @Test func aRefusalIsFinalOnlyAtFirst() {
    var machine = RecoveryStateMachine(endpointCount: 2, backOff: backOff)
    _ = machine.start()
    #expect(machine.failed(refused, random: 0) == .finish(refused))
    #expect(machine.start() == .none)

    machine = RecoveryStateMachine(endpointCount: 1, backOff: backOff)
    _ = machine.start()
    _ = machine.connected()
    _ = machine.lost(after: .zero, random: 0)
    _ = machine.waited()
    #expect(machine.failed(refused, random: 0) == .wait(.seconds(2)))
  }

  @Test func stopsFromAnywhereOnce() {
    var machine = RecoveryStateMachine(endpointCount: 1, backOff: backOff)
    _ = machine.start()
    #expect(machine.stop() == .finish(nil))
    #expect(machine.stop() == .none)
    #expect(machine.connected() == .none)
    #expect(machine.waited() == .none)
    #expect(machine.lost(after: .zero, random: 0) == .none)
  }

  @Test func publishBudget() {
    let budget = PublishBudget(attempts: 3, backOff: backOff)
    let nack = RabbitMQError(.notAcknowledged, "refused")
    #expect(budget.pause(after: nack, attempt: 1, random: 0) == .seconds(1))
    #expect(budget.pause(after: nack, attempt: 2, random: 0) == .seconds(2))
    #expect(budget.pause(after: nack, attempt: 3, random: 0) == nil)
    #expect(budget.pause(after: refused, attempt: 1, random: 0) == nil)
  }
}
