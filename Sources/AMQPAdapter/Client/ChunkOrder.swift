import Foundation
import Synchronization

/// Checks the sequence numbers of a streamed reply. Messages that a redelivery repeats are skipped.
final class ChunkOrder: Sendable {
  private let nextSequence = Mutex(0)

  /// The audio of the next piece; nil for a repeated piece, and for a final message or an unstreamed reply.
  /// - Throws: `badReply` when a number is missing.
  func accept(_ message: RawReply) throws(AMQPAdapterError) -> Data? {
    guard let sequence = message.sequence else { return nil }
    let expected = nextSequence.withLock { next in
      defer { if sequence == next { next += 1 } }
      return next
    }
    guard sequence <= expected else {
      throw AMQPAdapterError(.badReply, "the streamed reply has a gap: piece \(sequence) came, \(expected) was next")
    }
    guard sequence == expected, !message.isFinal else { return nil }
    guard let chunk = try? JSONDecoder().decode(ReplyBody.Chunk.self, from: message.body) else {
      throw AMQPAdapterError(.badReply, "piece \(sequence) of the streamed reply is not understood")
    }
    return chunk.audio
  }
}

/// The time of a reply's last message.
final class ReplyProgress: Sendable {
  private let last = Mutex(ContinuousClock.now)

  func note() { last.withLock { $0 = .now } }
  var sinceLast: Duration { .now - last.withLock { $0 } }
}
