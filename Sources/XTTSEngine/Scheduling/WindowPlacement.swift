/// Which of the windows that are due are decoded now, and where, on a machine whose vocoder has a thread of its own.
///
/// A segment's first two windows, for which a listener may have nothing left to play, and a window that nothing else would
/// be done beside get the engine's thread with every core. Others run beside the decode steps. When more are due than that thread takes, the engine's takes one
/// too before the next decode step, so that audio is not late for the sake of codes.
struct WindowPlacement: Sendable, Equatable {
  /// On the engine's thread: a place among the due ones.
  var here: Int?
  /// On the vocoder's thread.
  var beside: Int?

  /// Windows of a segment that get every core.
  private static let early = 2

  /// - Parameters:
  ///   - due: in the order of their urgency, without those under way.
  ///   - isFree: the vocoder's thread has nothing to do.
  ///   - othersWait: prompts or codes are computed in the same step.
  init(due: [SchedulerStep.Window], isFree: Bool, othersWait: Bool) {
    guard let first = due.first else { return }
    if due.count == 1, isFree, othersWait, first.index >= Self.early {
      beside = 0
    } else {
      here = 0
      if due.count > 1, isFree { beside = 1 }
    }
  }
}
