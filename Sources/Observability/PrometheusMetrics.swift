import CoreMetrics
import Synchronization

/// A swift-metrics backend that keeps every metric in memory and writes them in Prometheus' text format.
///
/// Labels of the calling code become metric names unchanged; timers are histograms in seconds. A metric with
/// ``maximumSeriesPerName`` label combinations takes no more, so labels that come from outside cannot fill the memory.
public final class PrometheusMetrics: Sendable {
  public static let maximumSeriesPerName = 1_000

  struct Series: Hashable, Sendable {
    var name: String
    /// `key="value"` pairs as they are written, in the caller's order.
    var labels: String
  }

  private enum Instrument {
    case counter(CounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)
  }

  private struct State: Sendable {
    var instruments: [Series: Instrument] = [:]
    var seriesPerName: [String: Int] = [:]
  }

  private let state = Mutex(State())
  private let descriptions: [String: MetricDescription]
  private let order: [String]

  public init(catalog: [MetricDescription] = MetricCatalog.all) {
    descriptions = Dictionary(catalog.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    order = catalog.map(\.name)
    // Metrics without labels show up as zero before anything happened, so that alerts can be written against them.
    for description in catalog where !Self.namesWithLabels.contains(description.name) {
      guard !description.name.hasPrefix("process_") else { continue }
      switch description.kind {
      case .counter: _ = counter(description.name, [])
      case .gauge: _ = gauge(description.name, [])
      case .histogram: _ = histogram(description.name, [])
      }
    }
  }

  private static let namesWithLabels: Set<String> = [
    "speechbus_requests_total", "speechbus_skipped_total", "speechbus_conditioning_total",
  ]

  /// The whole registry in Prometheus text format, version 0.0.4, process metrics included.
  public func exposition() -> String {
    let process = ProcessStatistics.read()
    let instruments = state.withLock { $0.instruments }
    let byName = Dictionary(grouping: instruments, by: \.key.name)
    let extra = byName.keys.filter { descriptions[$0] == nil }.sorted()
    var text = PrometheusText()
    for name in order + extra {
      let entries = (byName[name] ?? []).sorted { $0.key.labels < $1.key.labels }
      let processValue = process[name]
      text.header(descriptions[name], name: name, kind: entries.first.map { kind(of: $0.value) })
      if let processValue { text.sample(name, labels: "", value: processValue) }
      for (series, instrument) in entries {
        switch instrument {
        case .counter(let cell): text.sample(name, labels: series.labels, value: cell.value)
        case .gauge(let cell): text.sample(name, labels: series.labels, value: cell.value)
        case .histogram(let cell): text.histogram(name, labels: series.labels, cell.snapshot)
        }
      }
    }
    return text.text
  }

  private func kind(of instrument: Instrument) -> MetricDescription.Kind {
    switch instrument {
    case .counter: .counter
    case .gauge: .gauge
    case .histogram: .histogram
    }
  }

  func counter(_ name: String, _ dimensions: [(String, String)]) -> CounterCell {
    instrument(name, dimensions, make: { Instrument.counter(CounterCell()) }) {
      if case .counter(let cell) = $0 { cell } else { nil }
    } ?? CounterCell()
  }

  func gauge(_ name: String, _ dimensions: [(String, String)]) -> GaugeCell {
    instrument(name, dimensions, make: { Instrument.gauge(GaugeCell()) }) {
      if case .gauge(let cell) = $0 { cell } else { nil }
    } ?? GaugeCell()
  }

  func histogram(_ name: String, _ dimensions: [(String, String)]) -> HistogramCell {
    let buckets = descriptions[name]?.buckets ?? MetricCatalog.requestSeconds
    return instrument(name, dimensions, make: { Instrument.histogram(HistogramCell(buckets: buckets)) }) {
      if case .histogram(let cell) = $0 { cell } else { nil }
    } ?? HistogramCell(buckets: buckets)
  }

  /// The registered cell, a new one, or nil (the caller's cell then counts unseen) when the name is taken by another
  /// kind or has too many series.
  private func instrument<Cell>(
    _ name: String, _ dimensions: [(String, String)], make: () -> Instrument, cell: (Instrument) -> Cell?
  ) -> Cell? {
    let name = PrometheusText.sanitized(name)
    let series = Series(name: name, labels: PrometheusText.labels(dimensions))
    return state.withLock { state in
      if let existing = state.instruments[series] { return cell(existing) }
      guard state.seriesPerName[name, default: 0] < Self.maximumSeriesPerName else { return nil }
      let created = make()
      state.instruments[series] = created
      state.seriesPerName[name, default: 0] += 1
      return cell(created)
    }
  }
}
