import XTTSModel

/// Decides which of the due windows are decoded now, and whether the engine's thread waits for them.
///
/// On the CPU kernels a second thread can decode one window while the engine's thread computes decode steps. A segment's
/// first two windows get the engine's thread and with it every core, because their listener may have no audio left, and
/// so does a window without other work. Later windows go to the second thread. If more windows are due than it takes,
/// the engine's thread decodes one too before the next decode step, so that audio is not late because of codes.
struct WindowPlacement {
  /// The windows that the backend decodes while the engine's thread computes other work.
  let concurrency: WindowConcurrency
  /// Whether no window is in flight.
  let isFree: Bool
  /// Whether prompts or codes are computed in the same step.
  let othersWait: Bool

  /// The windows of a segment that get every core.
  private static let early = 2

  init(_ concurrency: WindowConcurrency, isFree: Bool, othersWait: Bool) {
    self.concurrency = concurrency
    self.isFree = isFree
    self.othersWait = othersWait
  }

  /// - Parameter due: the due windows, the most urgent first.
  /// - Returns: the windows to begin, in this order.
  func place(_ due: [SchedulerStep.Window]) -> [SchedulerStep.Window] {
    switch concurrency {
    case .none: return due
    case .any: return due.map(Self.beside)
    case .one:
      guard let first = due.first else { return [] }
      if due.count == 1, isFree, othersWait, first.sequence.nextWindow >= Self.early { return [Self.beside(first)] }
      return (due.count > 1 && isFree ? [Self.beside(due[1])] : []) + [first]
    }
  }

  private static func beside(_ window: SchedulerStep.Window) -> SchedulerStep.Window {
    var window = window
    window.isBeside = true
    return window
  }
}
