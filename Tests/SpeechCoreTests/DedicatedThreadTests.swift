import Foundation
import SpeechCore
import Testing

@Suite struct DedicatedThreadTests {
  @Test func lowPriorityIsInheritedByThreadsThatAThreadStarts() async {
    let before = await DedicatedThread.run("normal") { _ in Self.niceness }
    let (own, started) = await withCheckedContinuation { continuation in
      DedicatedThread.start("low", priority: .low) {
        let own = Self.niceness
        Thread { continuation.resume(returning: (own, Self.niceness)) }.start()
      }
    }
    #expect(own >= 10)
    #expect(started >= 10)
    #expect(await DedicatedThread.run("normal") { _ in Self.niceness } == before)
  }

  /// The niceness of the calling thread.
  private static var niceness: CInt { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
}
