import Foundation
import RabbitMQ
import Testing

@testable import AMQPAdapter

struct DeliveryDecisionTests {
  private func decision(
    redelivered: Bool = true, wasReturned: Bool = false, isSuspect: Bool = false, _ lostWorkers: Int = 0
  ) -> DeliveryDecision {
    DeliveryDecision(
      redelivered: redelivered, wasReturned: wasReturned, isSuspect: isSuspect, lostWorkers: lostWorkers)
  }

  @Test func onlyTheQueueOfSuspectsMakesARequestRunAlone() {
    #expect(decision(redelivered: false) == .accept && decision(redelivered: false, isSuspect: true) == .runAlone)
    #expect(decision(redelivered: false, 2) == .accept && decision(redelivered: false, -1) == .accept)
  }

  @Test func whatThisWorkerReturnedIsNoLoss() {
    #expect(decision(wasReturned: true, 2) == .accept)
    #expect(decision(wasReturned: true, isSuspect: true, 2) == .runAlone)
  }

  @Test func theThirdLostWorkerIsTheLast() {
    for isSuspect in [false, true] {
      #expect(decision(isSuspect: isSuspect) == .suspect(lostWorkers: 1))
      #expect(decision(isSuspect: isSuspect, 1) == .suspect(lostWorkers: 2))
      #expect(decision(isSuspect: isSuspect, 2) == .giveUp(lostWorkers: 3))
    }
    #expect(decision(.min) == .suspect(lostWorkers: 1) && decision(.max) == .giveUp(lostWorkers: 4))
  }

  @Test func returnedMessagesAreKnownOnceAndTheOldestAreForgotten() {
    func message(_ id: Int) -> Message {
      Message(properties: MessageProperties(correlationID: "\(id)", replyTo: "replies"), body: Data())
    }
    var returned = ReturnedMessages(capacity: 2)
    returned.insert(message(1))
    #expect(!returned.remove(message(2)) && returned.remove(message(1)) && !returned.remove(message(1)))
    for id in 1...5 { returned.insert(message(id)) }
    #expect((1...5).filter { returned.remove(message($0)) } == [3, 4, 5])
  }
}
