import CoreMetrics
import Synchronization

/// The value of a counter. It only increases.
final class CounterCell: CounterHandler, FloatingPointCounterHandler {
  private let total = Mutex(0.0)

  var value: Double { total.withLock { $0 } }

  func increment(by amount: Int64) { increment(by: Double(amount)) }
  func increment(by amount: Double) {
    guard amount.isFinite, amount > 0 else { return }
    total.withLock { $0 += amount }
  }
  func reset() { total.withLock { $0 = 0 } }
}

/// The value of a gauge.
final class GaugeCell: MeterHandler, RecorderHandler {
  private let current = Mutex(0.0)

  var value: Double { current.withLock { $0 } }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { current.withLock { $0 = value } }
  func increment(by amount: Double) { current.withLock { $0 += amount } }
  func decrement(by amount: Double) { current.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
}

/// The values of a histogram, counted by bucket.
final class HistogramCell: RecorderHandler, TimerHandler {
  struct Snapshot: Sendable, Equatable {
    /// Upper bounds, ascending, without infinity.
    var buckets: [Double]
    /// The number of values per bucket (not cumulative); the last element counts the values above all bounds.
    var counts: [UInt64]
    var sum: Double
  }

  private let state: Mutex<Snapshot>

  init(buckets: [Double]) {
    let counts = [UInt64](repeating: 0, count: buckets.count + 1)
    state = Mutex(Snapshot(buckets: buckets, counts: counts, sum: 0))
  }

  var snapshot: Snapshot { state.withLock { $0 } }

  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) {
    guard value.isFinite else { return }
    state.withLock { state in
      let index = state.buckets.firstIndex { value <= $0 } ?? state.buckets.count
      state.counts[index] += 1
      state.sum += value
    }
  }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
