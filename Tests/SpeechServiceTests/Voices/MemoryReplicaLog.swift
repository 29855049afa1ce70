import Foundation
import SpeechCore
import Synchronization

@testable import SpeechService

/// An in-memory stream that behaves like the broker's: it has offsets, replays from any of them, its connections end,
/// and it can be replaced by an empty one.
final class MemoryReplicaLog: ReplicaLog {
  private struct State {
    var entries: [LogEntry] = []
    var isFailing = false
    var readers: [Int: AsyncThrowingStream<LogEntry, any Error>.Continuation] = [:]
    var nextReader = 0
  }

  private let state = Mutex(State())

  func fails(_ fails: Bool) { state.withLock { $0.isFailing = fails } }

  func disconnect() { endReaders(throwing: SpeechError(.internal, "connection lost")) }

  /// Ends like a stream that was deleted.
  func replace() { endReaders(throwing: nil, removesEntries: true) }

  private func endReaders(throwing error: SpeechError?, removesEntries: Bool = false) {
    let readers = state.withLock { state in
      defer { state.readers = [:] }
      if removesEntries { state.entries = [] }
      return Array(state.readers.values)
    }
    for reader in readers { reader.finish(throwing: error) }
  }

  func stored(after position: LogPosition? = nil) -> [LogEntry] {
    state.withLock { Self.entries($0, position) ?? [] }
  }

  func publish(_ body: Data, signature: String) async throws(SpeechError) {
    guard !state.withLock(\.isFailing) else { throw SpeechError(.internal, "not confirmed") }
    append(body, signature)
  }

  /// Appends like any client of the broker.
  func append(_ body: Data, _ signature: String?, isFromReplicas: Bool = true) {
    state.withLock { state in
      let entry = LogEntry(
        offset: UInt64(state.entries.count), body: body, signature: signature, isFromReplicas: isFromReplicas)
      state.entries.append(entry)
      for reader in state.readers.values { reader.yield(entry) }
    }
  }

  func follow(
    after position: LogPosition?, _ apply: @escaping @Sendable (LogEntry) async throws(SpeechError) -> Void
  ) async throws(SpeechError) {
    guard let stream = entries(after: position) else { return }
    do {
      for try await entry in stream { try await apply(entry) }
    } catch {
      throw SpeechError(describing: error)
    }
  }

  func erase(beginningWith first: [(body: Data, signature: String)]) async throws(SpeechError) {
    replace()
    for entry in first { append(entry.body, entry.signature) }
  }

  private func entries(after position: LogPosition?) -> AsyncThrowingStream<LogEntry, any Error>? {
    let (stream, continuation) = AsyncThrowingStream<LogEntry, any Error>.makeStream()
    return state.withLock { state in
      guard let entries = Self.entries(state, position) else { return nil }
      for entry in entries { continuation.yield(entry) }
      state.readers[state.nextReader] = continuation
      state.nextReader += 1
      return stream
    }
  }

  /// - Returns: nil for the position of another log.
  private static func entries(_ state: State, _ position: LogPosition?) -> [LogEntry]? {
    guard let position else { return state.entries }
    guard let index = state.entries.firstIndex(where: { $0.position == position }) else { return nil }
    return Array(state.entries.dropFirst(index + 1))
  }
}
