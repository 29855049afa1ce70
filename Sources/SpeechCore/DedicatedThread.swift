import Dispatch
import Foundation
import Synchronization

/// Runs work that blocks or computes for seconds on a thread of its own, so that Swift's pool stays free.
public enum DedicatedThread {
  /// - Parameter work: learns through its ``Cancellation`` that the calling task was cancelled, and ends then.
  public static func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable (Cancellation) throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let cancellation = Cancellation()
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread {
          continuation.resume(returning: Result { () throws(Failure) -> Value in try work(cancellation) })
        }.start()
      }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }
}

/// Tells a thread that its work is no longer wanted.
public final class Cancellation: Sendable {
  private let flag = Atomic(false)
  private let wake = DispatchSemaphore(value: 0)

  public init() {}

  public var isCancelled: Bool { flag.load(ordering: .acquiring) }

  public func cancel() {
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
