import CTimeSlice
import Foundation
import Testing

@Suite struct TimeSliceTests {
  @Test func aThreadMayChooseItsSlicesAndChangeThem() async {
    let refusals = await withCheckedContinuation { continuation in
      Thread {
        continuation.resume(returning: [TIME_SLICE_LONG, 100].map { time_slice_set(UInt32($0)) })
      }.start()
    }
    #expect(refusals == [0, 0])
  }
}
