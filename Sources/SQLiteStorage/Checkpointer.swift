import GRDB

/// Copies the write-ahead log into the database on a connection of its own, every ten seconds while there are
/// commits: left to SQLite, one commit in a hundred or so would wait for it, and more often its flush would meet theirs.
actor Checkpointer {
  private let queue: DatabaseQueue
  private let interval: Duration
  private var last = ContinuousClock.now
  private var isRunning = false

  /// Times the log was copied; for tests.
  private(set) var copies = 0

  init(_ queue: DatabaseQueue, interval: Duration = .seconds(10)) {
    self.queue = queue
    self.interval = interval
  }

  /// Call after a commit; returns at once.
  func noticeCommit() {
    guard !isRunning, ContinuousClock.now - last >= interval else { return }
    isRunning = true
    Task { await run() }
  }

  /// Passive: waits for no reader or writer. What it could not copy stays in the log for the next time.
  private func run() async {
    _ = try? await queue.writeWithoutTransaction { db in
      // Closed meanwhile: GRDB would hand SQLite a null connection.
      guard db.sqliteConnection != nil else { return }
      _ = try db.checkpoint(.passive)
    }
    copies += 1
    last = .now
    isRunning = false
  }
}
