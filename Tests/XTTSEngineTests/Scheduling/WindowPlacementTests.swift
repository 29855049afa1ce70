import Testing
import XTTSModel

@testable import XTTSEngine

@Suite struct WindowPlacementTests {
  /// Places the due windows of several requests, given by their index in the segment, and returns the requests of the
  /// windows that the engine's thread decodes and of those that are decoded in parallel with its work.
  private func placement(
    _ indices: [Int], isFree: Bool = true, othersWait: Bool = true, concurrency: WindowConcurrency = .one
  ) -> [[Int]] {
    let due = indices.enumerated().map { request, index in
      let sequence = SpeechSequence(
        PreparedJob(id: request, segments: [PreparedSegment()]), segment: 0, slot: request, admission: request)
      sequence.nextWindow = index
      return SchedulerStep.Window(sequence: sequence, codes: 0..<8, isLast: false)
    }
    let placed = WindowPlacement(concurrency, isFree: isFree, othersWait: othersWait).place(due)
    return [false, true].map { side in placed.filter { $0.isBeside == side }.map(\.sequence.key.request) }
  }

  @Test func oneGoesBesideTheStepsUnlessListenersWaitForIt() {
    #expect(placement([]) == [[], []])
    #expect(placement([2]) == [[], [0]])
    #expect(placement([0]) == [[0], []])
    #expect(placement([1]) == [[0], []])
  }

  @Test func nothingElseToDoLeavesItEveryCore() {
    #expect(placement([3], othersWait: false) == [[0], []])
  }

  @Test func manyGoToBothThreads() {
    #expect(placement([1, 1, 2]) == [[0], [1]])
    #expect(placement([0, 0], othersWait: false) == [[0], [1]])
  }

  @Test func aBusyThreadDelaysNoWindow() {
    #expect(placement([2], isFree: false) == [[0], []])
    #expect(placement([2, 1], isFree: false, othersWait: false) == [[0], []])
  }

  @Test func otherBackendsTakeAllWindows() {
    #expect(placement([0, 2, 5], concurrency: .none) == [[0, 1, 2], []])
    #expect(placement([0, 2, 5], isFree: false, concurrency: .any) == [[], [0, 1, 2]])
  }
}
