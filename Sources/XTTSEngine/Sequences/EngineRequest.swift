/// A request in the engine, with its sequences.
final class EngineRequest {
  let job: PreparedJob
  /// The sequences that have started and whose audio is not complete, in the order of the text. The listener waits for
  /// the first one.
  var sequences: [SpeechSequence] = []
  /// The number of segments, from the first, that have had a slot.
  var startedSegments = 0
  /// The number of times that a younger request took a slot while this one had none.
  var passedOver = 0
  var output = OrderedOutput()
  var hasSounded = false
  var hasEnded = false

  init(_ job: PreparedJob) {
    self.job = job
  }

  var waitingSegments: Int { job.segments.count - startedSegments }
  var heldSlots: Int { sequences.count { $0.slot != nil } }
}
