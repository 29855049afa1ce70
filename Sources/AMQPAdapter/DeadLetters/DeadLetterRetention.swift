import Foundation

/// Decides when the oldest message of `tts.dead` is fetched, and whether it is dropped. It performs no action itself.
///
/// Each fetch counts against the delivery limit that a broker may apply to the queue. The message is therefore fetched
/// only when the queue is too long, or when it can have become too old.
struct DeadLetterRetention: Sendable, Equatable {
  enum Verdict: Sendable, Equatable {
    case drop(DeadLetterDropReason)
    /// The age is unknown: put the message back at the end of the queue, marked with the present time.
    case mark
    /// The message and all behind it stay.
    case keep
  }

  /// Seconds. A later time than this counts as unknown; a message from the future would protect all behind it.
  private static let clockTolerance: TimeInterval = 300

  let limits: DeadLetterLimits
  /// The time at which the oldest message can be too old; nil when its age is unknown.
  private var nextLook: Date?

  init(limits: DeadLetterLimits) { self.limits = limits }

  /// - Parameter count: the number of messages in the queue.
  mutating func isDue(count: Int, now: Date) -> Bool {
    guard count > 0 else {
      nextLook = nil
      return false
    }
    if let maximum = limits.maximumCount, count > maximum { return true }
    guard limits.maximumAge != nil else { return false }
    return nextLook.map { $0 <= now } ?? true
  }

  /// - Parameters:
  ///   - deadAt: the time at which the oldest message was dead-lettered; nil if unknown.
  ///   - remaining: the number of messages behind it. When several workers fetch at once, each sees its own number, so
  ///     that together they drop no message too many.
  mutating func verdict(deadAt: Date?, remaining: Int, now: Date) -> Verdict {
    if let maximum = limits.maximumCount, remaining >= maximum { return .drop(.length) }
    guard let age = limits.maximumAge else { return .keep }
    guard let deadAt, deadAt <= now.addingTimeInterval(Self.clockTolerance) else { return .mark }
    let end = deadAt.addingTimeInterval(age.seconds)
    if end <= now { return .drop(.age) }
    nextLook = end
    return .keep
  }
}
