import NIOPosix
import Synchronization

/// Runs disk work on threads that may block, so that Swift's own pool keeps going.
enum BlockingWork {
  /// `body` gets a question whether the task has been cancelled meanwhile. Throws what `body` throws, or `cancelled`.
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable (_ isCancelled: () -> Bool) throws(HubError) -> Value
  ) async throws(HubError) -> Value {
    let cancellation = Cancellation()
    let result: Result<Value, HubError>
    do {
      result = try await withTaskCancellationHandler {
        try await NIOThreadPool.singleton.runIfActive {
          Result { () throws(HubError) -> Value in try body { cancellation.isCancelled.load(ordering: .relaxed) } }
        }
      } onCancel: {
        cancellation.isCancelled.store(true, ordering: .relaxed)
      }
    } catch {
      throw HubError(.cancelled, "the work was cancelled")
    }
    return try result.get()
  }

  private final class Cancellation: Sendable {
    let isCancelled = Atomic(false)
  }
}
