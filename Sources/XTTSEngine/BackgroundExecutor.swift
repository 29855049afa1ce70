import CTimeSlice
import Dispatch
import Foundation
import Synchronization

/// Threads for what goes along with synthesis and takes milliseconds at a time: cleaning and cutting text, encoding
/// audio. Like the engine's they give way to whoever wakes, so that health probes don't wait for them, as they would
/// for work on Swift's own pool.
public final class BackgroundExecutor: TaskExecutor {
  /// One thread a core, for the whole process.
  public static let shared = BackgroundExecutor(threads: ProcessInfo.processInfo.activeProcessorCount)

  private let jobs = Mutex<[UnownedJob]>([])
  private let wake = DispatchSemaphore(value: 0)

  private init(threads: Int) {
    for number in 1...max(1, threads) {
      let thread = Thread { [self] in
        time_slice_give_way()
        while true { runNext() }
      }
      thread.name = "background-\(number)"
      thread.start()
    }
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    wake.signal()
  }

  private func runNext() {
    wake.wait()
    // One signal a job, so there is one.
    jobs.withLock { $0.removeFirst() }.runSynchronously(on: asUnownedTaskExecutor())
  }
}
