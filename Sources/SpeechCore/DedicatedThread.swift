import Dispatch
import Foundation
import Synchronization

/// Threads for work that blocks or computes for long, and so must not occupy a thread of Swift's pool.
public enum DedicatedThread {
  /// - Parameter stackBytes: nil takes the system's default for threads.
  public static func start(
    _ name: String, stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void
  ) {
    let thread = Thread(block: body)
    thread.name = name
    if let stackBytes { thread.stackSize = stackBytes }
    thread.start()
  }

  /// Runs `work` on a new thread and waits for its result without blocking.
  /// - Parameter work: reads from its ``Cancellation`` that the calling task was cancelled, and ends then.
  public static func run<Value: Sendable, Failure: Error>(
    _ name: String, _ work: @escaping @Sendable (Cancellation) throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let cancellation = Cancellation()
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        start(name) {
          continuation.resume(returning: Result { () throws(Failure) -> Value in try work(cancellation) })
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }
}

/// Informs a thread that its work is no longer needed.
public final class Cancellation: Sendable {
  private let flag = Atomic(false)
  private let wake = DispatchSemaphore(value: 0)

  public init() {}

  /// Whether the work should end early.
  public var isCancelled: Bool { flag.load(ordering: .acquiring) }

  func cancel() {
    flag.store(true, ordering: .releasing)
    wake.signal()
  }

  /// Blocks the thread for `duration`. False: the work was cancelled, now or before.
  public func sleep(for duration: Duration) -> Bool {
    guard !isCancelled else { return false }
    let (seconds, attoseconds) = duration.components
    let deadline = DispatchTime.now() + Double(seconds) + Double(attoseconds) * 1e-18
    return wake.wait(timeout: deadline) == .timedOut
  }
}
