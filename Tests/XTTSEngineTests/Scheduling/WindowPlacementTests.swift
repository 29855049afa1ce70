import Testing

@testable import XTTSEngine

@Suite struct WindowPlacementTests {
  /// The due windows of so many requests, by their index in the segment.
  private func placement(_ indices: [Int], isFree: Bool = true, othersWait: Bool = true) -> [Int?] {
    let due = indices.enumerated().map { request, index in
      SchedulerStep.Window(
        key: SequenceKey(request: request, segment: 0), index: index, codes: 0..<8, isLast: false)
    }
    let placement = WindowPlacement(due: due, isFree: isFree, othersWait: othersWait)
    return [placement.here, placement.beside]
  }

  @Test func oneGoesBesideTheStepsUnlessListenersWaitForIt() {
    #expect(placement([]) == [nil, nil])
    #expect(placement([2]) == [nil, 0])
    #expect(placement([0]) == [0, nil])
    #expect(placement([1]) == [0, nil])
  }

  @Test func nothingElseToDoLeavesItEveryCore() {
    #expect(placement([3], othersWait: false) == [0, nil])
  }

  @Test func manyGoToBothThreads() {
    #expect(placement([1, 1, 2]) == [0, 1])
    #expect(placement([0, 0], othersWait: false) == [0, 1])
  }

  @Test func aBusyThreadMakesNobodyWait() {
    #expect(placement([2], isFree: false) == [0, nil])
    #expect(placement([2, 1], isFree: false, othersWait: false) == [0, nil])
  }
}
