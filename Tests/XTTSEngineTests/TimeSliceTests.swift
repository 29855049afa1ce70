import CTimeSlice
import Foundation
import Testing

@Suite struct TimeSliceTests {
  @Test func aThreadGivesWayAndMayDoSoAgain() async {
    let (refusals, niceness) = await onThread { ([time_slice_give_way(), time_slice_give_way()], Self.niceness) }
    #expect(refusals == [0, 0])
    #expect(niceness >= 10)
  }

  @Test func itsThreadsGiveWayTooAndOthersDoNot() async {
    let before = await onThread { Self.niceness }
    let started = await withCheckedContinuation { continuation in
      Thread {
        time_slice_give_way()
        Thread { continuation.resume(returning: Self.niceness) }.start()
      }.start()
    }
    #expect(started >= 10)
    #expect(await onThread { Self.niceness } == before)
  }

  /// Of the calling thread.
  private static var niceness: CInt { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

  private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: body()) }.start()
    }
  }
}
