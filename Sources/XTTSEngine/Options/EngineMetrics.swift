/// What the engine counts and times. Called on the engine's thread, so an implementation returns at once.
public protocol EngineMetrics: Sendable {
  /// One decode step of `sequences` sequences together.
  func decodeStep(seconds: Double, sequences: Int)
  /// After each step: slots taken, and sequences that wait for one.
  func occupancy(slotsInUse: Int, waitingSequences: Int)
  /// From the call to the first samples of a request.
  func firstAudio(seconds: Double)
  /// From the call to a request's first slot.
  func queueWait(seconds: Double)
  /// Audio codes made.
  func codes(_ count: Int)
  /// Audio handed out, before any encoding.
  func audio(seconds: Double)
}

/// Counts nothing.
public struct NoEngineMetrics: EngineMetrics {
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
