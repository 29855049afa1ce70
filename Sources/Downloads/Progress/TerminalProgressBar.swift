import Foundation
import Synchronization

/// Draws progress on a terminal, on one line that is redrawn.
public final class TerminalProgressBar: Sendable {
  private struct State {
    var phase: DownloadProgress.Phase?
    var start = ContinuousClock.now
    var startByteCount = 0
    var isShown = false
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  /// Nil unless `descriptor` is a terminal.
  public init?(descriptor: Int32 = STDERR_FILENO) {
    guard isatty(descriptor) == 1 else { return nil }
    self.descriptor = descriptor
  }

  /// Redraws the line. Call it from any thread.
  public func update(_ progress: DownloadProgress) {
    let now = ContinuousClock.now
    state.withLock { state in
      if state.phase != progress.phase {
        state.phase = progress.phase
        state.start = now
        state.startByteCount = progress.completedByteCount
      }
      let line = ProgressLine(
        progress: progress, elapsed: now - state.start,
        receivedByteCount: progress.completedByteCount - state.startByteCount)
      // The escape sequence erases the rest of a longer previous line.
      write("\r\(line.text(width: width))\u{1B}[K")
      state.isShown = true
    }
  }

  /// Ends the line, so that later output starts on a new one.
  public func finish() {
    state.withLock { state in
      if state.isShown { write("\n") }
      state.isShown = false
    }
  }

  private var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private func write(_ text: String) {
    // A failed write is ignored: the download must not stop when the terminal is closed.
    _ = Array(text.utf8).withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
  }
}
