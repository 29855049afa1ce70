import XTTSModel

/// Audio that is being made while the engine's thread goes on.
protocol PendingAudio {
  func isDone() throws(ModelError) -> Bool
  /// The samples of each window, in order; waits for them if need be.
  func take() throws(ModelError) -> [[Float]]
}

extension BackgroundVocoder.Batch: PendingAudio {}
