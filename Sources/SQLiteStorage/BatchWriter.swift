import GRDB

/// Puts the writes of concurrent callers into one transaction: the disk flush, the slow part of a commit, is paid once.
/// While one batch commits, the next one gathers.
actor BatchWriter {
  private struct Write: Sendable {
    var body: @Sendable (Database) throws -> Void
    var completion: @Sendable ((any Error)?) -> Void
  }

  private static let maximumBatch = 256

  private let pool: DatabasePool
  private let check: @Sendable () throws -> Void
  private var waiting: [Write] = []
  private var isWriting = false

  /// - Parameter check: runs before each batch; an error fails the batch.
  init(_ pool: DatabasePool, check: @escaping @Sendable () throws -> Void = {}) {
    self.pool = pool
    self.check = check
  }

  /// Returns once `body`'s changes are committed. A body that throws changes nothing and fails alone.
  /// Cancelling the caller does not take back a write that is already waiting.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    let result = ResultBox<Value>()
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let write = Write(
        body: { db in result.value = try body(db) },
        completion: { error in
          if let error { continuation.resume(throwing: error) } else { continuation.resume() }
        })
      waiting.append(write)
      if !isWriting {
        isWriting = true
        Task { await drain() }
      }
    }
    guard let value = result.value else { throw StorageError(.unavailable, "a write ended without a result") }
    return value
  }

  private func drain() async {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.maximumBatch))
      waiting.removeFirst(batch.count)
      let errors = await commit(batch)
      for (write, error) in zip(batch, errors) { write.completion(error) }
    }
    isWriting = false
  }

  /// - Returns: one entry a write, in order.
  private func commit(_ batch: [Write]) async -> [(any Error)?] {
    do {
      try check()
      return try await pool.write { db in
        batch.map { write in
          do {
            try db.inSavepoint {
              try write.body(db)
              return .commit
            }
            return nil
          } catch {
            return error
          }
        }
      }
    } catch {
      return batch.map { _ in error }
    }
  }
}

/// Carries a value from the database's queue to the caller.
/// `@unchecked Sendable`: written once before the continuation resumes, read only after.
private final class ResultBox<Value>: @unchecked Sendable {
  var value: Value?
}
