import Testing

@testable import RabbitMQ

struct ConfirmTrackerTests {
  private func tracker(_ entries: [String]) -> ConfirmTracker<String> {
    var tracker = ConfirmTracker<String>()
    for entry in entries { tracker.append(entry) }
    return tracker
  }

  @Test func numbersFromOne() {
    #expect(ConfirmTracker<String>().nextSequence == 1)
    #expect(tracker(["a", "b"]).nextSequence == 3)
  }

  @Test func oneByOneInAnyOrder() {
    var tracker = tracker(["a", "b", "c"])
    #expect(tracker.resolve(2, multiple: false) == ["b"])
    #expect(tracker.resolve(2, multiple: false) == [])
    #expect(tracker.resolve(1, multiple: false) == ["a"])
    #expect(tracker.resolve(3, multiple: false) == ["c"])
    #expect(tracker.count == 0 && tracker.nextSequence == 4)
  }

  @Test func multipleTakesEverythingUpTo() {
    var tracker = tracker(["a", "b", "c", "d"])
    _ = tracker.resolve(2, multiple: false)
    #expect(tracker.resolve(3, multiple: true) == ["a", "c"])
    #expect(tracker.resolve(3, multiple: true) == [])
    #expect(tracker.count == 1)
  }

  @Test func unknownNumbersResolveNothing() {
    var tracker = tracker(["a"])
    #expect(tracker.resolve(0, multiple: false) == [])
    #expect(tracker.resolve(9, multiple: true) == [])
    #expect(tracker.resolve(.max, multiple: true) == [])
    #expect(tracker.resolve(1, multiple: true) == ["a"])
    var empty = ConfirmTracker<String>()
    #expect(empty.resolve(0, multiple: true) == [])
  }

  @Test func updatesInPlaceAndExpiresTheOldest() {
    var tracker = tracker(["a", "b", "c"])
    tracker.update(2) { $0 += "!" }
    tracker.update(7) { $0 += "!" }
    #expect(tracker.removeFirst { $0 != "c" } == ["a", "b!"])
    #expect(tracker.resolve(1, multiple: false) == [])
    #expect(tracker.removeAll() == ["c"])
    #expect(tracker.nextSequence == 4)
  }

  @Test func staysSmallOverManyMessages() {
    var tracker = ConfirmTracker<Int>()
    for number in 1...10_000 {
      tracker.append(number)
      #expect(tracker.resolve(UInt64(number), multiple: number.isMultiple(of: 2)) == [number])
    }
    #expect(tracker.count == 0 && tracker.nextSequence == 10_001)
  }
}
