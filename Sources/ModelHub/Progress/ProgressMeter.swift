import Synchronization

/// Adds up what parallel transfers report and passes it on, not too often.
final class ProgressMeter: Sendable {
  private struct State {
    var progress: DownloadProgress
    var byteCounts: [String: Int] = [:]
    var lastReport: ContinuousClock.Instant?
  }

  private let state: Mutex<State>
  private let handler: ProgressHandler
  private let interval: Duration

  init(interval: Duration = .milliseconds(100), _ handler: @escaping ProgressHandler) {
    self.handler = handler
    self.interval = interval
    state = Mutex(State(progress: DownloadProgress(phase: .asking)))
  }

  /// Starts a phase over these files.
  func begin(_ phase: DownloadProgress.Phase, files: [WantedFile] = []) {
    report(always: true) { state in
      state.byteCounts = [:]
      state.progress = DownloadProgress(
        phase: phase, totalByteCount: files.reduce(0) { $0 + $1.byteCount }, fileCount: files.count)
    }
  }

  /// What there is of a file now; less than before after starting over.
  func set(_ file: String, byteCount: Int) {
    report(always: false) { state in
      state.progress.file = file
      state.progress.completedByteCount += byteCount - (state.byteCounts[file] ?? 0)
      state.byteCounts[file] = byteCount
    }
  }

  func complete(_ file: String) {
    report(always: true) { state in
      state.progress.file = file
      state.progress.completedFileCount += 1
    }
  }

  func finish() {
    report(always: true) { $0.progress.phase = .finished }
  }

  private func report(always: Bool, _ change: (inout State) -> Void) {
    // The handler is called inside, so that calls keep their order.
    state.withLock { state in
      change(&state)
      let now = ContinuousClock.now
      if !always, let last = state.lastReport, now - last < interval { return }
      state.lastReport = now
      handler(state.progress)
    }
  }
}
