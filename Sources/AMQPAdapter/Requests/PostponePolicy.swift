import Foundation
import SpeechCore

/// What happens to a delivery whose user has enough waiting here, or whose body is too much to hold now: it goes to the
/// end of the queue after a pause, so that what stands behind it gets its turn. That is no failed attempt. A pure function.
struct PostponePolicy: Sendable, Equatable {
  enum Decision: Sendable, Equatable {
    case wait(Duration)
    /// Its deadline would pass meanwhile.
    case refuse(SpeechError)
  }

  /// Pauses of the retry queues.
  var delays: [Duration]

  /// - Parameters:
  ///   - postponements: how often it was sent back before. The second pause repeats: a longer one would leave slots empty
  ///     that the user alone could fill.
  ///   - refusal: what the requester is told if it can't wait.
  func decision(
    postponements: Int, deadline: Date?, hasReplyTo: Bool, now: Date, refusal: SpeechError = Self.refusal
  ) -> Decision {
    guard !delays.isEmpty else { return .refuse(refusal) }
    let delay = delays[min(max(postponements, 0), 1, delays.count - 1)]
    if let deadline, hasReplyTo, now.addingTimeInterval(delay.seconds) >= deadline { return .refuse(refusal) }
    return .wait(delay)
  }

  static let refusal = SpeechError(
    .overloaded, "too many requests of this user wait already; try again later", field: "user_id")
}
