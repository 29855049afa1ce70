import CTimeSlice
import Dispatch
import Foundation
import Synchronization

/// One thread for the connections of the web adapter and for health probes. Swift's own pool has as many threads as there are
/// cores, and encodes replies: a probe would wait for whatever they are at.
///
/// What takes time must leave it: ``SpeechHTTPServer`` sends every other endpoint to the pool.
final class ProbeExecutor: TaskExecutor {
  /// Lives as long as the process, as the pool does.
  static let shared = ProbeExecutor()

  private let jobs = Mutex<[UnownedJob]>([])
  private let wake = DispatchSemaphore(value: 0)

  private init() {
    let thread = Thread { [self] in
      time_slice_set(UInt32(TIME_SLICE_SHORT))
      while true {
        wake.wait()
        let next = jobs.withLock { jobs in
          defer { jobs.removeAll(keepingCapacity: true) }
          return jobs
        }
        for job in next { job.runSynchronously(on: asUnownedTaskExecutor()) }
      }
    }
    thread.name = "speech-http"
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    wake.signal()
  }
}
