import Foundation

/// A line on a terminal while work lasts longer than a second: its name and its duration. Nothing elsewhere.
enum Progress {
  static func during<Result, Failure>(
    _ name: String, isolation: isolated (any Actor)? = #isolation, _ work: () async throws(Failure) -> Result
  ) async throws(Failure) -> Result {
    guard isatty(STDERR_FILENO) == 1 else { return try await work() }
    let start = ContinuousClock.now
    let drawing = Task.detached {
      while (try? await Task.sleep(for: .seconds(1))) != nil {
        write("\r\(name): \((ContinuousClock.now - start).components.seconds) s\u{1B}[K")
      }
    }
    defer {
      drawing.cancel()
      write("\r\u{1B}[K")
    }
    return try await work()
  }

  private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
