import AMQPAdapter
import Foundation
import PrivateBroker
import Synchronization

/// A worker in a process of its own, to be signalled and killed.
final class WorkerProcess: Sendable {
  // `Process` is not Sendable; after the start only its pid and the end are used.
  private let pid: pid_t
  private let ended: Task<Int32, Never>

  init(url: String, prefix: String, settings: [String: String] = [:]) async throws {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("bus-stub-worker")
    let process = Process()
    process.executableURL = executable
    process.environment = ProcessInfo.processInfo.environment
      .merging(["BUS_URL": url, "BUS_PREFIX": prefix]) { $1 }.merging(settings) { $1 }
    let output = Pipe()
    process.standardOutput = output
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
    let (lines, line) = AsyncStream<Void>.makeStream()
    output.fileHandleForReading.readabilityHandler = { handle in
      if handle.availableData.isEmpty { line.finish() } else { line.yield() }
    }
    for await _ in lines { break }
    output.fileHandleForReading.readabilityHandler = nil
  }

  func signal(_ number: Int32) { kill(pid, number) }

  /// The exit code; negative after a signal.
  func exitStatus() async -> Int32 { await ended.value }
}
