import Foundation

/// Fetched requests that wait for a slot, ordered by priority (highest first), deadline (earliest first) and arrival.
struct DeliveryQueue<Element> {
  struct Entry {
    var element: Element
    var priority: Int
    var deadline: Date
    var order: UInt64

    func precedes(_ other: Entry) -> Bool {
      if priority != other.priority { return priority > other.priority }
      if deadline != other.deadline { return deadline < other.deadline }
      return order < other.order
    }
  }

  /// A binary heap; the first element is the next request.
  private var heap: [Entry] = []
  private var nextOrder: UInt64 = 0

  var count: Int { heap.count }
  var isEmpty: Bool { heap.isEmpty }

  mutating func push(_ element: Element, priority: Int, deadline: Date?) {
    heap.append(Entry(element: element, priority: priority, deadline: deadline ?? .distantFuture, order: nextOrder))
    nextOrder += 1
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Element? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first.element }
    heap[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { break }
      let right = left + 1
      let best = right < heap.count && heap[right].precedes(heap[left]) ? right : left
      guard heap[best].precedes(heap[parent]) else { break }
      heap.swapAt(best, parent)
      parent = best
    }
    return first.element
  }

  /// Removes and returns all elements that satisfy the predicate, in no particular order.
  mutating func removeAll(where predicate: (Element) -> Bool) -> [Element] {
    let removed = heap.filter { predicate($0.element) }
    let kept = heap.filter { !predicate($0.element) }.sorted { $0.precedes($1) }
    heap = kept
    return removed.map(\.element)
  }
}

extension DeliveryQueue: Sendable where Element: Sendable {}
extension DeliveryQueue.Entry: Sendable where Element: Sendable {}
