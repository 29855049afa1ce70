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
