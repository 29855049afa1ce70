import Foundation
import Synchronization

/// Passes each reply to the request that waits for its correlation id.
final class ReplyRouter: Sendable {
  private struct State {
    var waiting: [String: AsyncThrowingStream<RawReply, any Error>.Continuation] = [:]
    var failure: AMQPAdapterError?
  }

  private let state = Mutex(State())

  /// The messages of one reply; the stream ends after the final one.
  /// - Throws: when the correlation id is in use, or the connection is closed.
  func expect(_ correlationID: String) throws(AMQPAdapterError) -> AsyncThrowingStream<RawReply, any Error> {
    let (stream, continuation) = AsyncThrowingStream<RawReply, any Error>.makeStream()
    let failure = state.withLock { state -> AMQPAdapterError? in
      if let failure = state.failure { return failure }
      guard state.waiting[correlationID] == nil else {
        return AMQPAdapterError(.badReply, "a request with the correlation id \(correlationID) is in flight already")
      }
      state.waiting[correlationID] = continuation
      return nil
    }
    if let failure { throw failure }
    return stream
  }

  func forget(_ correlationID: String) {
    state.withLock { $0.waiting.removeValue(forKey: correlationID) }?.finish()
  }

  func receive(_ reply: RawReply) {
    let continuation = state.withLock { state in
      reply.isFinal ? state.waiting.removeValue(forKey: reply.correlationID) : state.waiting[reply.correlationID]
    }
    continuation?.yield(reply)
    if reply.isFinal { continuation?.finish() }
  }

  func fail(_ error: AMQPAdapterError) {
    let waiting = state.withLock { state in
      if state.failure == nil { state.failure = error }
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.finish(throwing: error) }
  }
}
