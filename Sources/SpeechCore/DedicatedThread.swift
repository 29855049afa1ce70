import Foundation

/// Threads for work that blocks or computes for long, and so must not occupy a thread of Swift's pool.
public enum DedicatedThread {
  public enum Priority: Sendable {
    case normal
    /// For threads that compute: niceness 10, so that threads that wake to answer a health probe or a heartbeat pre-empt
    /// them. On an idle machine they still use all processors. Threads that they start inherit the priority.
    case low
  }

  /// - Parameter stackBytes: nil takes the system's default for threads.
  public static func start(
    _ name: String, priority: Priority = .normal, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void
  ) {
    let thread = Thread {
      // On Linux, 0 is the calling thread.
      if priority == .low { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
      body()
    }
    thread.name = name
    if let stackBytes { thread.stackSize = stackBytes }
    thread.start()
  }

  /// Runs `work` on a new thread and waits for its result without blocking.
  public static func run<Result: Sendable>(
    _ name: String, priority: Priority = .normal, _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      start(name, priority: priority) { continuation.resume(returning: work()) }
    }
  }
}
