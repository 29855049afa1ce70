import Testing

@testable import AMQPAdapter

struct ConsumerStateMachineTests {
  private func machine(received: Int = 0, _ events: [ConsumerStateMachine.Event] = []) -> ConsumerStateMachine {
    var machine = ConsumerStateMachine()
    for _ in 0..<received { _ = machine.received(.request) }
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
    #expect(machine.accepts(.request) && machine.received(.request))
    #expect(machine.handle(.settled(.request)) == [])
    #expect(machine.handle(.consumingStopped) == [])
    #expect(!machine.accepts(.request) && !machine.received(.request) && machine.unsettledCount == 2)
    #expect(machine.handle(.settled(.request)) == [] && machine.handle(.settled(.request)) == [.finish])
  }

  @Test func afterTheDrainTimeTheWorkIsStoppedAndTheSettlementIsBounded() {
    var machine = machine(received: 1, [.drainRequested, .consumingStopped])
    #expect(machine.handle(.timeEnded(.drain)) == [.stopWork, .startTimer(.settlement)])
    #expect(machine.handle(.timeEnded(.settlement)) == [.finish])
    #expect(machine.handle(.settled(.request)) == [] && machine.phase == .stopped)
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
    for events in [[], [.suspectsFound], [.drainRequested], [.drainRequested, .consumingStopped]]
      as [[ConsumerStateMachine.Event]]
    {
      var machine = machine(received: 1, events)
      #expect(machine.handle(.stopRequested) == [.stopWork, .finish])
      #expect(!machine.received(.request) && machine.handle(.stopRequested) == [])
    }
  }

  @Test func theEndOfTheConnectionsEndsTheConsumer() {
    #expect(machine(received: 1, [.ended]).phase == .stopped)
    #expect(!machine([.ended]).accepts(.request))
  }

  @Test func suspectsRunOnceTheRequestsAreSettled() {
    var machine = machine(received: 2)
    _ = machine.received(.other)
    #expect(machine.handle(.suspectsFound) == [.pauseConsuming] && machine.handle(.suspectsFound) == [])
    // The broker sends deliveries until the consumer is cancelled.
    #expect(machine.received(.request) && machine.handle(.settled(.request)) == [])
    #expect(machine.handle(.consumingPaused) == [] && machine.handle(.settled(.request)) == [])
    #expect(machine.handle(.settled(.request)) == [.runSuspects] && machine.phase == .alone)
    #expect(!machine.received(.request) && machine.received(.other))
    #expect(machine.handle(.settled(.other)) == [] && machine.phase == .alone)
    #expect(machine.handle(.suspectsDone) == [.resumeConsuming] && machine.received(.request))
  }

  @Test func anIdleWorkerRunsSuspectsAtOnce() {
    var machine = machine([.suspectsFound])
    #expect(machine.handle(.consumingPaused) == [.runSuspects])
  }

  @Test(arguments: [[.suspectsFound], [.suspectsFound, .consumingPaused]] as [[ConsumerStateMachine.Event]])
  func aDrainEndsTheTurnOfTheSuspects(events: [ConsumerStateMachine.Event]) {
    var machine = machine(events)
    _ = machine.received(.other)
    #expect(machine.handle(.drainRequested) == [.startTimer(.drain), .stopConsuming])
    #expect(machine.handle(.consumingPaused) == [] && machine.handle(.suspectsDone) == [])
    #expect(machine.handle(.consumingStopped) == [] && machine.handle(.suspectsFound) == [])
    #expect(machine.handle(.settled(.other)) == [.finish])
  }
}
