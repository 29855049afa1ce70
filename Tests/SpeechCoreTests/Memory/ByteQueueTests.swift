import Testing

@testable import SpeechCore

struct ByteQueueTests {
  @Test func bytesAreTakenWhileTheyAreFreeAndGivenBack() {
    var queue = ByteQueue<Int>(limit: 10)
    #expect(queue.take(6) == true)
    #expect(queue.take(5) == false)
    #expect(queue.take(4) == true)
    #expect(queue.used == 10 && queue.waitingCount == 0)
    #expect(queue.give(10).isEmpty)
    #expect(queue.used == 0)
  }

  @Test func waitersAreServedInTheirOrder() {
    var queue = ByteQueue<Int>(limit: 10)
    #expect(queue.enter(10, order: 1, token: 1) == true)
    #expect(queue.enter(8, order: 2, token: 2) == false)
    #expect(queue.enter(1, order: 3, token: 3) == false)
    // The large one is not passed over by small ones.
    #expect(queue.take(1) == false)
    #expect(queue.give(5).isEmpty)
    #expect(queue.give(3) == [2])
    #expect(queue.give(2) == [3])
    #expect(queue.used == 9 && queue.waitingCount == 0)
  }

  @Test func aWaiterThatGivesUpLetsThoseBehindItGoOn() {
    var queue = ByteQueue<Int>(limit: 10)
    #expect(queue.take(5) == true)
    #expect(queue.enter(9, order: 1, token: 1) == false)
    #expect(queue.enter(2, order: 2, token: 2) == false)
    let outcome = queue.giveUp(order: 1)
    #expect(outcome.token == 1 && outcome.served == [2])
    #expect(queue.used == 7)
    // Its turn came already.
    #expect(queue.giveUp(order: 2).token == nil)
    #expect(queue.used == 7)
  }

  /// In any order of events, the used bytes stay within the limit and equal the held bytes.
  @Test func theLimitHoldsForRandomEvents() {
    var random = Generator(state: 7)
    for _ in 0..<200 {
      let limit = Int.random(in: 1...64, using: &random)
      var queue = ByteQueue<UInt64>(limit: limit)
      var (held, waiting): ([UInt64: Int], [UInt64: Int]) = ([:], [:])
      for order in 1...60 as ClosedRange<UInt64> {
        let bytes = Int.random(in: 0...limit, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: if queue.take(bytes) { held[order] = bytes }
        case 1:
          if queue.enter(bytes, order: order, token: order) { held[order] = bytes } else { waiting[order] = bytes }
        case 2:
          guard let id = held.keys.sorted().randomElement(using: &random), let bytes = held.removeValue(forKey: id)
          else { continue }
          for served in queue.give(bytes) { held[served] = waiting.removeValue(forKey: served) }
        default:
          guard let id = waiting.keys.sorted().randomElement(using: &random) else { continue }
          waiting[id] = nil
          for served in queue.giveUp(order: id).served { held[served] = waiting.removeValue(forKey: served) }
        }
        #expect(queue.used == held.values.reduce(0, +) && queue.used <= limit)
        #expect(queue.waitingCount == waiting.count)
      }
    }
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }
  }
}
