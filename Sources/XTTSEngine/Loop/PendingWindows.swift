/// Windows whose samples come in a later step.
struct PendingWindows {
  var keys: [SequenceKey]
  /// Whom they are for, so that a slot's next sequence never gets them.
  var sequences: [ActiveSequence]
  var audio: any PendingAudio
}
