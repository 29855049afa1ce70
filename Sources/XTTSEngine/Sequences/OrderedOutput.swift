import SpeechCore

/// Sorts the events of segments that are computed in parallel into the order of the text: the events of a later segment
/// wait until the segments before it are complete.
struct OrderedOutput: Sendable {
  private var head = 0
  private var held: [Int: [SynthesisEvent]] = [:]
  private var complete: Set<Int> = []

  /// Adds an event of a segment and returns the events to send now.
  mutating func push(_ event: SynthesisEvent, segment: Int) -> [SynthesisEvent] {
    if segment == head { return [event] }
    held[segment, default: []].append(event)
    return []
  }

  /// Notes that a segment has no more events, and returns the events that waited for it.
  mutating func finish(segment: Int) -> [SynthesisEvent] {
    complete.insert(segment)
    var released: [SynthesisEvent] = []
    while complete.remove(head) != nil {
      head += 1
      released += held.removeValue(forKey: head) ?? []
    }
    return released
  }
}
