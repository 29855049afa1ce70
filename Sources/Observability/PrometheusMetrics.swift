import CoreMetrics
import Synchronization

/// A swift-metrics backend that keeps every metric in memory and exports them in Prometheus' text format.
///
/// Labels of the calling code become metric names unchanged; timers are histograms in seconds. A metric has at most
/// ``maximumSeriesPerName`` combinations of labels, so that labels from outside cannot exhaust the memory.
public final class PrometheusMetrics: Sendable {
  static let maximumSeriesPerName = 1_000

  struct Series: Hashable, Sendable {
    var name: String
    /// The `key="value"` pairs of the exported line, in the caller's order.
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

  init(catalog: [MetricDescription]) {
    descriptions = Dictionary(catalog.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    order = catalog.map(\.name)
    // Metrics without labels are exported as zero from the start, so that alerts can refer to them.
    for description in catalog where !Self.namesWithLabels.contains(description.name) {
      guard !description.name.hasPrefix("process_") else { continue }
      switch description.kind {
      case .counter: _ = counter(description.name, [])
      case .gauge: _ = gauge(description.name, [])
      case .histogram: _ = histogram(description.name, [])
      }
    }
  }

  /// The metrics of ``MetricCatalog``.
  public convenience init() { self.init(catalog: MetricCatalog.all) }

  private static let namesWithLabels: Set<String> = [
    "speechbus_requests_total", "speechbus_skipped_total", "speechbus_conditioning_total",
    "speechbus_build_info",
  ]

  /// All metrics in Prometheus' text format, version 0.0.4, including those of the process.
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

  /// The registered cell or a new one. Nil when the name belongs to another kind of metric or has too many series; the
  /// caller then uses a cell that is not exported.
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
