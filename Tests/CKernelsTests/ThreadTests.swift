import CKernels
import Foundation
import Testing

@Suite struct ThreadTests {
  @Test func aThreadMayAskForLongSlicesAgainAndAgain() async {
    let refusals = await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: (0..<2).map { _ in ck_thread_take_long_slices() }) }.start()
    }
    #expect(refusals == [0, 0])
  }
}
