import Synchronization

/// Estimates the duration of a request's work from earlier requests: the mean of the seconds per character plus twice
/// the mean deviation, like TCP's estimate of round-trip times.
///
/// Under overload, the oldest request that is still in time has almost no time left. If it were started, it would be
/// stopped unfinished at its deadline, and so would the next one: all work would be wasted. Therefore a request that
/// can't finish in time is not started.
struct SpeechTimeEstimate: Sendable, Equatable {
  /// The cost of a request that does not depend on its length, in characters.
  private static let overhead = 20.0
  private static let gain = 0.125
  /// Each refusal reduces the estimate by this factor. Otherwise an estimate that is too high would refuse all work and
  /// never be corrected.
  private static let doubt = 0.995

  private var mean: Double?
  private var deviation = 0.0

  /// Records finished work of this length.
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

  /// Whether a request can finish in the time it has left. Without earlier requests the answer is true.
  mutating func admits(characters: Int, secondsLeft: Double) -> Bool {
    guard let mean else { return true }
    let needed = (mean + 2 * deviation) * (Double(characters) + Self.overhead)
    guard secondsLeft < needed else { return true }
    self.mean = mean * Self.doubt
    deviation *= Self.doubt
    return false
  }
}

/// The estimate that all requests of a worker share.
final class SpeechTimes: Sendable {
  private let estimate = Mutex(SpeechTimeEstimate())

  func note(seconds: Double, characters: Int) {
    estimate.withLock { $0.note(seconds: seconds, characters: characters) }
  }

  func admits(characters: Int, secondsLeft: Double) -> Bool {
    estimate.withLock { $0.admits(characters: characters, secondsLeft: secondsLeft) }
  }
}
