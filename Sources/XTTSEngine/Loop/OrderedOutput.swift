import SpeechCore

/// Puts the events of segments that are made side by side into the order of the text: what a later segment has to say
/// waits until those before it are complete.
struct OrderedOutput: Sendable {
  private var head = 0
  private var held: [Int: [SynthesisEvent]] = [:]
  private var complete: Set<Int> = []

  /// Takes an event of a segment and gives those that may leave now.
  mutating func push(_ event: SynthesisEvent, segment: Int) -> [SynthesisEvent] {
    if segment == head { return [event] }
    held[segment, default: []].append(event)
    return []
  }

  /// Notes that a segment has no more events, and gives those that waited for it.
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
