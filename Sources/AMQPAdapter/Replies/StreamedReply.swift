import Foundation
import RabbitMQ
import Synchronization

/// Sends the pieces of one streamed reply in order, with consecutive sequence numbers.
final class StreamedReply: Sendable {
  /// A piece could not be sent. Thrown through the synthesis to end it.
  struct Interruption: Error {}

  private let request: SpeechRequest
  private let sender: ReplySender
  private let state = Mutex(State())

  private struct State {
    var sequence = 0
    var requesterIsGone = false
    var isRefused = false
    var failure: RabbitMQError?
  }

  init(_ request: SpeechRequest, sender: ReplySender) {
    self.request = request
    self.sender = sender
  }

  /// The sequence number of the next message.
  var nextSequence: Int { state.withLock(\.sequence) }
  var requesterIsGone: Bool { state.withLock(\.requesterIsGone) }
  /// Whether the requester's queue refused a piece. Later pieces could not be delivered in order.
  var isRefused: Bool { state.withLock(\.isRefused) }
  var failure: RabbitMQError? { state.withLock(\.failure) }

  func send(_ audio: Data) async throws {
    let sequence = nextSequence
    let body = try ReplyBody.encode(
      ReplyBody.Chunk(sequence: sequence, audio: audio), for: request, isLast: false)
    do throws(RabbitMQError) {
      let outcome = try await sender.reply(
        body, to: request, position: ReplySender.Position(sequence: sequence, isFinal: false),
        attempts: RefusedReplyPolicy.maximumAttempts)
      state.withLock { state in
        if outcome == .delivered { state.sequence = sequence + 1 }
        state.requesterIsGone = outcome == .requesterGone
        state.isRefused = outcome == .refused
      }
    } catch {
      state.withLock { $0.failure = error }
      throw Interruption()
    }
    if requesterIsGone || isRefused { throw Interruption() }
  }
}
