import Testing

@testable import RabbitMQ

struct AckCoalescerTests {
  private typealias Ack = AckCoalescer.Acknowledgement

  @Test func aRunBecomesOneMethod() {
    var acks = AckCoalescer()
    for tag in [2, 1, 3] as [UInt64] { acks.acknowledge(tag) }
    #expect(acks.flush() == [Ack(deliveryTag: 3, multiple: true)])
    #expect(acks.flush() == [])
    acks.acknowledge(4)
    #expect(acks.flush() == [Ack(deliveryTag: 4, multiple: false)])
  }

  @Test func unsettledDeliveriesAreNeverCovered() {
    var acks = AckCoalescer()
    for tag in [1, 3, 5] as [UInt64] { acks.acknowledge(tag) }
    #expect(
      acks.flush() == [
        Ack(deliveryTag: 1, multiple: false), Ack(deliveryTag: 3, multiple: false),
        Ack(deliveryTag: 5, multiple: false),
      ])
    acks.acknowledge(2)
    acks.acknowledge(4)
    acks.acknowledge(6)
    // 3 and 5 are settled already: the run 2…6 ends with one method.
    #expect(acks.flush() == [Ack(deliveryTag: 6, multiple: true)])
  }

  @Test func rejectedDeliveriesCloseGaps() {
    var acks = AckCoalescer()
    acks.acknowledge(2)
    acks.settle(1)
    acks.settle(3)
    acks.acknowledge(4)
    #expect(acks.flush() == [Ack(deliveryTag: 4, multiple: true)])
    #expect(acks.isSettled(3) && !acks.isSettled(5))
  }

  @Test func nothingIsSettledTwice() {
    var acks = AckCoalescer()
    acks.acknowledge(1)
    acks.acknowledge(1)
    #expect(acks.flush().count == 1)
    acks.acknowledge(1)
    #expect(acks.flush() == [])
    acks.settle(2)
    acks.acknowledge(2)
    #expect(acks.flush() == [])
  }

  /// Whatever the order, each delivery is covered exactly once and none before it was acknowledged.
  @Test func randomOrdersCoverEachDeliveryOnce() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var acks = AckCoalescer()
      var acknowledged: Set<UInt64> = []
      var covered: Set<UInt64> = []
      for tag in (1...100 as ClosedRange<UInt64>).shuffled(using: &generator) {
        acks.acknowledge(tag)
        acknowledged.insert(tag)
        guard Bool.random(using: &generator) else { continue }
        for ack in acks.flush() {
          let tags = ack.multiple ? Set(1...ack.deliveryTag) : [ack.deliveryTag]
          #expect(tags.isSubset(of: acknowledged))
          #expect(!covered.contains(ack.deliveryTag))
          covered.formUnion(tags)
        }
      }
      for ack in acks.flush() { covered.formUnion(ack.multiple ? Set(1...ack.deliveryTag) : [ack.deliveryTag]) }
      #expect(covered == acknowledged)
    }
  }
}
