import Foundation

/// Work that keeps a thread busy for seconds, and so has no place on the pool that everything else shares.
enum OwnThread {
  static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: work()) }.start()
    }
  }
}
