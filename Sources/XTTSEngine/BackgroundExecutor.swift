import Dispatch
import Foundation
import SpeechCore
import Synchronization

/// Threads for work that takes milliseconds at a time: cleaning and splitting text, encoding audio. On
/// Swift's own pool, health probes would wait for it.
public final class BackgroundExecutor: TaskExecutor {
  /// One thread per core, for the whole process.
  public static let shared = BackgroundExecutor(threads: ProcessInfo.processInfo.activeProcessorCount)

  private let jobs = Mutex<[UnownedJob]>([])
  private let wake = DispatchSemaphore(value: 0)

  private init(threads: Int) {
    for number in 1...max(1, threads) {
      DedicatedThread.start("background-\(number)") { [self] in
        while true { runNext() }
      }
    }
  }

  /// Adds a job; the threads run jobs in order.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    wake.signal()
  }

  private func runNext() {
    wake.wait()
    // Each job sends one signal, so a job is waiting.
    jobs.withLock { $0.removeFirst() }.runSynchronously(on: asUnownedTaskExecutor())
  }
}
