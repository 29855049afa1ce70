import Testing

@testable import AMQPAdapter

struct ConsumerStateMachineTests {
  private func machine(received: Int = 0, _ events: [ConsumerStateMachine.Event] = []) -> ConsumerStateMachine {
    var machine = ConsumerStateMachine()
    for _ in 0..<received { _ = machine.received() }
    for event in events { _ = machine.handle(event) }
    return machine
  }

  @Test func anIdleConsumerStopsAsSoonAsNothingArrivesAnyMore() {
    var machine = machine()
    #expect(machine.handle(.drainRequested) == [.startTimer(.drain), .stopConsuming])
    #expect(machine.phase == .draining(isConsuming: true))
    #expect(machine.handle(.consumingStopped) == [.finish] && machine.phase == .stopped)
  }

  @Test func aDrainWaitsForEveryAcceptedDelivery() {
    var machine = machine(received: 2, [.drainRequested])
    // The broker sends deliveries until the consumers are cancelled.
    #expect(machine.acceptsWork && machine.received())
    #expect(machine.handle(.settled) == [])
    #expect(machine.handle(.consumingStopped) == [])
    #expect(!machine.acceptsWork && !machine.received() && machine.unsettledCount == 2)
    #expect(machine.handle(.settled) == [] && machine.handle(.settled) == [.finish])
  }

  @Test func afterTheDrainTimeTheWorkIsStoppedAndTheSettlementIsBounded() {
    var machine = machine(received: 1, [.drainRequested, .consumingStopped])
    #expect(machine.handle(.timeEnded(.drain)) == [.stopWork, .startTimer(.settlement)])
    #expect(machine.handle(.timeEnded(.settlement)) == [.finish])
    #expect(machine.handle(.settled) == [] && machine.phase == .stopped)
  }

  @Test func theTimersMeanNothingAfterTheEnd() {
    var machine = machine([.drainRequested, .consumingStopped])
    #expect(machine.handle(.timeEnded(.drain)) == [] && machine.handle(.timeEnded(.settlement)) == [])
  }

  @Test func aSecondDrainRequestHasNoEffect() {
    var machine = machine(received: 1, [.drainRequested])
    #expect(machine.handle(.drainRequested) == [] && machine.phase == .draining(isConsuming: true))
  }

  @Test func aStopEndsEverythingAtOnce() {
    for events in [[], [.drainRequested], [.drainRequested, .consumingStopped]] as [[ConsumerStateMachine.Event]] {
      var machine = machine(received: 1, events)
      #expect(machine.handle(.stopRequested) == [.stopWork, .finish])
      #expect(!machine.received() && machine.handle(.stopRequested) == [])
    }
  }

  @Test func theEndOfTheConnectionsEndsTheConsumer() {
    #expect(machine(received: 1, [.ended]).phase == .stopped)
    #expect(!machine([.ended]).acceptsWork)
  }
}
