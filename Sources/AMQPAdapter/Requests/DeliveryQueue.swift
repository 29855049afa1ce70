import Foundation
import HeapModule

/// Fetched requests that wait for a slot: higher priority first, then earlier deadline, then first come.
struct DeliveryQueue<Element> {
  fileprivate struct Entry: Comparable {
    let element: Element
    let priority: Int
    let deadline: Date
    let order: UInt64

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }

    static func < (left: Entry, right: Entry) -> Bool {
      if left.priority != right.priority { return left.priority > right.priority }
      if left.deadline != right.deadline { return left.deadline < right.deadline }
      return left.order < right.order
    }
  }

  private var heap = Heap<Entry>()
  private var nextOrder: UInt64 = 0

  var count: Int { heap.count }
  var isEmpty: Bool { heap.isEmpty }

  mutating func push(_ element: Element, priority: Int, deadline: Date?) {
    heap.insert(Entry(element: element, priority: priority, deadline: deadline ?? .distantFuture, order: nextOrder))
    nextOrder += 1
  }

  mutating func pop() -> Element? { heap.popMin()?.element }

  /// Takes out all elements that satisfy the predicate, in no particular order.
  mutating func removeAll(where predicate: (Element) -> Bool) -> [Element] {
    var removed: [Element] = []
    var kept: [Entry] = []
    for entry in heap.unordered {
      if predicate(entry.element) { removed.append(entry.element) } else { kept.append(entry) }
    }
    heap = Heap(kept)
    return removed
  }
}

extension DeliveryQueue: Sendable where Element: Sendable {}
extension DeliveryQueue.Entry: Sendable where Element: Sendable {}
