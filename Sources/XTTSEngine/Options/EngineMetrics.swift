/// Receives the engine's counts and times. Its methods run on the engine's thread, so they must not block.
public protocol EngineMetrics: Sendable {
  /// One decode step of `sequences` sequences together.
  func decodeStep(seconds: Double, sequences: Int)
  /// After each step: the slots in use and the sequences that wait for one.
  func occupancy(slotsInUse: Int, waitingSequences: Int)
  /// The time from the call to the first samples of a request.
  func firstAudio(seconds: Double)
  /// The time from the call to a request's first slot.
  func queueWait(seconds: Double)
  /// Audio codes that were drawn.
  func codes(_ count: Int)
  /// Audio that was sent, before any encoding.
  func audio(seconds: Double)
}

/// Metrics that count nothing.
public struct NoEngineMetrics: EngineMetrics {
  /// Metrics that count nothing.
  public init() {}
  public func decodeStep(seconds: Double, sequences: Int) {}
  public func occupancy(slotsInUse: Int, waitingSequences: Int) {}
  public func firstAudio(seconds: Double) {}
  public func queueWait(seconds: Double) {}
  public func codes(_ count: Int) {}
  public func audio(seconds: Double) {}
}

extension Duration {
  /// Seconds as a number, for metrics and reports.
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
