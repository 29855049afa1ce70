/// Turns acknowledgements of single deliveries into few `basic.ack` methods.
///
/// A channel's delivery tags are consecutive. Once every delivery up to a tag is settled, one method with `multiple`
/// acknowledges the whole run. Deliveries beyond a gap are acknowledged one by one.
struct AckCoalescer {
  struct Acknowledgement: Equatable {
    var deliveryTag: UInt64
    var multiple: Bool
  }

  /// Every delivery up to this tag is settled on the wire.
  private var settledThrough: UInt64 = 0
  /// Tags beyond a gap that are settled on the wire.
  private var settledAhead: Set<UInt64> = []
  private var pending: Set<UInt64> = []

  mutating func acknowledge(_ tag: UInt64) {
    if tag > settledThrough, !settledAhead.contains(tag) { pending.insert(tag) }
  }

  /// Notes a delivery that was rejected, or that needs no acknowledgement.
  mutating func settle(_ tag: UInt64) {
    guard tag > settledThrough else { return }
    pending.remove(tag)
    settledAhead.insert(tag)
    advance()
  }

  /// Whether the tag was settled before. Settling a tag twice makes the broker close the channel.
  func isSettled(_ tag: UInt64) -> Bool {
    tag <= settledThrough || settledAhead.contains(tag) || pending.contains(tag)
  }

  /// Returns the acknowledgements to send now, in order.
  mutating func flush() -> [Acknowledgement] {
    guard !pending.isEmpty else { return [] }
    var run = settledThrough
    var last: UInt64?
    var count = 0
    while true {
      if pending.remove(run + 1) != nil {
        last = run + 1
        count += 1
      } else if settledAhead.remove(run + 1) == nil {
        break
      }
      run += 1
    }
    settledThrough = run
    var acknowledgements = last.map { [Acknowledgement(deliveryTag: $0, multiple: count > 1)] } ?? []
    for tag in pending.sorted() {
      acknowledgements.append(Acknowledgement(deliveryTag: tag, multiple: false))
      settledAhead.insert(tag)
    }
    pending.removeAll(keepingCapacity: true)
    return acknowledgements
  }

  private mutating func advance() {
    while settledAhead.remove(settledThrough + 1) != nil { settledThrough += 1 }
  }
}
