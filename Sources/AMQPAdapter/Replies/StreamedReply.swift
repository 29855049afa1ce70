import Foundation
import RabbitMQ
import SpeechCore
import Synchronization

/// Sends the pieces of one streamed reply in order, numbered without a gap.
final class StreamedReply: Sendable {
  /// Why a piece could not be sent; thrown through the synthesis to end it.
  struct Interruption: Error {}

  private let envelope: RequestEnvelope
  private let sender: ReplySender
  private let state = Mutex(State())

  private struct State {
    var sequence = 0
    var requesterIsGone = false
    var failure: RabbitMQError?
  }

  init(_ envelope: RequestEnvelope, sender: ReplySender) {
    self.envelope = envelope
    self.sender = sender
  }

  /// The number the next message has.
  var nextSequence: Int { state.withLock(\.sequence) }
  var requesterIsGone: Bool { state.withLock(\.requesterIsGone) }
  var failure: RabbitMQError? { state.withLock(\.failure) }

  func send(_ audio: Data) async throws {
    let sequence = nextSequence
    let body = try ReplyBody.encode(ReplyBody.Chunk(sequence: sequence, audio: audio))
    do throws(RabbitMQError) {
      let outcome = try await sender.reply(
        body, to: envelope, position: ReplySender.Position(sequence: sequence, isFinal: false))
      state.withLock { state in
        state.sequence = sequence + 1
        state.requesterIsGone = outcome == .requesterGone
      }
    } catch {
      state.withLock { $0.failure = error }
      throw Interruption()
    }
    if requesterIsGone { throw Interruption() }
  }
}
