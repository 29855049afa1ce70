import Foundation

/// A started process: its pid for signals, and its exit status without blocking a thread of Swift's pool.
public final class ChildProcess: Sendable {
  public let pid: pid_t
  private let ended: Task<Int32, Never>

  /// Starts `process`, whose termination handler this object sets.
  public init(_ process: Process) throws {
    let (endings, ending) = AsyncStream<Int32>.makeStream()
    process.terminationHandler = { process in
      ending.yield(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
      ending.finish()
    }
    try process.run()
    pid = process.processIdentifier
    ended = Task {
      for await status in endings { return status }
      return -1
    }
  }

  public func signal(_ number: Int32) { kill(pid, number) }

  /// The exit code; negative after a signal.
  public func exitStatus() async -> Int32 { await ended.value }

  /// The executable `name` in the folder of the test program.
  public static func executable(_ name: String) -> URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent(name)
  }
}
