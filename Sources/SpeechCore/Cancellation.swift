import Dispatch
import Foundation
import Synchronization

/// Ends the work of a thread early.
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

extension DedicatedThread {
  /// Runs `work` on a new thread and waits for its result without blocking. When the calling task is cancelled, `work`
  /// learns of it through its ``Cancellation`` and must end soon.
  public static func run<Value: Sendable, Failure: Error>(
    _ name: String, _ work: @escaping @Sendable (Cancellation) throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let cancellation = Cancellation()
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      await run(name) { Result { () throws(Failure) -> Value in try work(cancellation) } }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }
}
