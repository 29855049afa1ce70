import Foundation
import Synchronization
import TestSupport

/// A worker in a separate process, so that it can get signals and be killed.
final class WorkerProcess: Sendable {
  private let child: ChildProcess

  init(url: String, prefix: String, settings: [String: String] = [:]) async throws {
    let process = Process()
    process.executableURL = ChildProcess.executable("bus-stub-worker")
    process.environment = ProcessInfo.processInfo.environment
      .merging(["BUS_URL": url, "BUS_PREFIX": prefix]) { $1 }.merging(settings) { $1 }
    let output = Pipe()
    process.standardOutput = output
    child = try ChildProcess(process)
    let (lines, line) = AsyncStream<Void>.makeStream()
    output.fileHandleForReading.readabilityHandler = { handle in
      if handle.availableData.isEmpty { line.finish() } else { line.yield() }
    }
    for await _ in lines { break }
    output.fileHandleForReading.readabilityHandler = nil
  }

  func signal(_ number: Int32) { child.signal(number) }

  /// The exit status; negative after a signal.
  func exitStatus() async -> Int32 { await child.exitStatus() }
}
