/// The published messages that the broker has not confirmed yet, in the order of their sequence numbers.
struct ConfirmTracker<Entry> {
  /// Entries from `firstSequence` on; nil where already resolved. Everything before `head` is resolved too.
  private var entries: [Entry?] = []
  private var head = 0
  private var firstSequence: UInt64 = 1

  private(set) var count = 0

  /// The sequence number with which the broker will confirm the next message.
  var nextSequence: UInt64 { firstSequence + UInt64(entries.count - head) }

  mutating func append(_ entry: Entry) {
    entries.append(entry)
    count += 1
  }

  /// Removes and returns the entries that one `basic.ack` or `basic.nack` resolves. An unknown sequence number resolves
  /// nothing.
  mutating func resolve(_ sequence: UInt64, multiple: Bool) -> [Entry] {
    guard sequence < nextSequence else { return [] }
    var resolved: [Entry] = []
    if multiple {
      while head < entries.count, firstSequence <= sequence { popFirst().map { resolved.append($0) } }
    } else if sequence >= firstSequence {
      let index = head + Int(sequence - firstSequence)
      if let entry = entries[index] {
        entries[index] = nil
        count -= 1
        resolved.append(entry)
      }
    }
    dropResolvedPrefix()
    return resolved
  }

  /// Changes an unresolved entry in place.
  mutating func update(_ sequence: UInt64, _ change: (inout Entry) -> Void) {
    guard sequence >= firstSequence, sequence < nextSequence else { return }
    let index = head + Int(sequence - firstSequence)
    guard var entry = entries[index] else { return }
    change(&entry)
    entries[index] = entry
  }

  /// Removes and returns the oldest entries, as long as they satisfy the predicate.
  mutating func removeFirst(while predicate: (Entry) -> Bool) -> [Entry] {
    var removed: [Entry] = []
    while head < entries.count {
      if let entry = entries[head], !predicate(entry) { break }
      popFirst().map { removed.append($0) }
    }
    compact()
    return removed
  }

  mutating func removeAll() -> [Entry] { removeFirst { _ in true } }

  private mutating func popFirst() -> Entry? {
    let entry = entries[head]
    if entry != nil { count -= 1 }
    entries[head] = nil
    head += 1
    firstSequence += 1
    return entry
  }

  private mutating func dropResolvedPrefix() {
    while head < entries.count, entries[head] == nil {
      head += 1
      firstSequence += 1
    }
    compact()
  }

  private mutating func compact() {
    guard head > 64, head * 2 > entries.count else { return }
    entries.removeFirst(head)
    head = 0
  }
}
