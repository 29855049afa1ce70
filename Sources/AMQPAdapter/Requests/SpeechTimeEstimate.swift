import Synchronization

/// How long a request's work will take, judged by those before it: the mean and twice the mean deviation of seconds per
/// character, as TCP judges round trips.
///
/// Under overload the oldest request that is still in time has next to no time left. Begun, it would be given up unfinished,
/// and so would the next: all work would be in vain. One that can't be done in time is better not begun.
struct SpeechTimeEstimate: Sendable, Equatable {
  /// Characters that a request costs beside its own.
  private static let overhead = 20.0
  private static let gain = 0.125
  /// What a refusal takes off, so that an estimate that got too high mends itself though nothing is done any more.
  private static let doubt = 0.995

  private var mean: Double?
  private var deviation = 0.0

  /// Work of this length was done.
  mutating func note(seconds: Double, characters: Int) {
    let value = seconds / (Double(characters) + Self.overhead)
    guard let mean else {
      mean = value
      deviation = value / 2
      return
    }
    deviation += Self.gain * (abs(value - mean) - deviation)
    self.mean = mean + Self.gain * (value - mean)
  }

  /// Whether a request can be done in the time it has left. The first ones always can.
  mutating func admits(characters: Int, secondsLeft: Double) -> Bool {
    guard let mean else { return true }
    let needed = (mean + 2 * deviation) * (Double(characters) + Self.overhead)
    guard secondsLeft < needed else { return true }
    self.mean = mean * Self.doubt
    deviation *= Self.doubt
    return false
  }
}

/// The estimate as all requests of a worker share it.
final class SpeechTimes: Sendable {
  private let estimate = Mutex(SpeechTimeEstimate())

  func note(seconds: Double, characters: Int) {
    estimate.withLock { $0.note(seconds: seconds, characters: characters) }
  }

  func admits(characters: Int, secondsLeft: Double) -> Bool {
    estimate.withLock { $0.admits(characters: characters, secondsLeft: secondsLeft) }
  }
}
