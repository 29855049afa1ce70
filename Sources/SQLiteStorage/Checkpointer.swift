import GRDB

/// Copies the write-ahead log into the database on a connection of its own, every few seconds while there are
/// commits, and lets the log begin anew before it gets large.
///
/// Left to SQLite, the commit that finds the log full copies all of it and flushes the database while others wait. A copy
/// beside the writers never catches up with them under constant load, so the log would grow until SQLite does just that.
/// Here the bulk is copied beside them, and the few pages that came meanwhile between two batches: the next commit
/// starts the log over. A log that is written over needs no new blocks, which also makes flushing it cheaper.
actor Checkpointer {
  private enum State {
    case idle
    case copying
    /// All but the newest commits are in the database.
    case nearlyDone
  }

  /// 4 MiB: a smaller log isn't worth the flush that its last step costs.
  static let restartPages = 1_000

  private let queue: DatabaseQueue
  private let interval: Duration
  private let restartPages: Int
  private var last = ContinuousClock.now
  private var state = State.idle

  /// Times the log was copied beside the writers, and times it was copied to its end between two batches; for tests.
  private(set) var (copies, completions) = (0, 0)
  /// Pages in the log when it was last copied; for tests.
  private(set) var pages = 0

  init(_ queue: DatabaseQueue, interval: Duration = .seconds(2), restartPages: Int = Checkpointer.restartPages) {
    self.queue = queue
    self.interval = interval
    self.restartPages = restartPages
  }

  /// Call between two batches: what it waits for, the next batch waits for.
  func noticeCommit() async {
    switch state {
    case .copying: return
    case .idle:
      guard ContinuousClock.now - last >= interval else { return }
      state = .copying
      Task { await copyBesideWriters() }
    case .nearlyDone:
      state = .copying
      _ = await copy()
      completions += 1
      rest()
    }
  }

  private func copyBesideWriters() async {
    let pages = await copy()
    copies += 1
    if pages >= restartPages { state = .nearlyDone } else { rest() }
  }

  private func rest() {
    last = .now
    state = .idle
  }

  /// Passive: waits for no reader or writer. What it could not copy stays in the log for the next time.
  /// - Returns: pages in the log.
  private func copy() async -> Int {
    let result = try? await queue.writeWithoutTransaction { db -> Int in
      // Closed meanwhile: GRDB would hand SQLite a null connection.
      guard db.sqliteConnection != nil else { return 0 }
      return try db.checkpoint(.passive).walFrameCount
    }
    pages = result ?? 0
    return pages
  }
}
