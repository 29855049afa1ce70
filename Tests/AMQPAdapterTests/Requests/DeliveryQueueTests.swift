import Foundation
import Testing

@testable import AMQPAdapter

struct DeliveryQueueTests {
  private func drained(_ queue: DeliveryQueue<String>) -> [String] {
    var queue = queue
    var order: [String] = []
    while let next = queue.pop() { order.append(next) }
    return order
  }

  @Test func priorityThenDeadlineThenArrival() {
    var queue = DeliveryQueue<String>()
    let soon = Date(timeIntervalSince1970: 1), later = Date(timeIntervalSince1970: 2)
    queue.push("a", priority: 0, deadline: nil)
    queue.push("b", priority: 5, deadline: nil)
    queue.push("c", priority: 5, deadline: later)
    queue.push("d", priority: 5, deadline: soon)
    queue.push("e", priority: 9, deadline: nil)
    queue.push("f", priority: 0, deadline: nil)
    #expect(drained(queue) == ["e", "d", "c", "b", "a", "f"])
  }

  @Test func equalsKeepTheirOrderAlsoInBulk() {
    var queue = DeliveryQueue<String>()
    let names = (0..<200).map(String.init)
    for name in names { queue.push(name, priority: 3, deadline: nil) }
    #expect(drained(queue) == names)
  }

  @Test func removingKeepsTheRestInOrder() {
    var queue = DeliveryQueue<String>()
    for number in 0..<50 { queue.push("\(number)", priority: number % 3, deadline: nil) }
    let before = drained(queue)
    let removed = queue.removeAll { $0.hasSuffix("7") }
    #expect(Set(removed) == ["7", "17", "27", "37", "47"])
    #expect(drained(queue) == before.filter { !$0.hasSuffix("7") })
    #expect(queue.count == 45)
  }

  @Test func emptyGivesNothing() {
    var queue = DeliveryQueue<String>()
    #expect(queue.pop() == nil && queue.isEmpty)
  }
}
