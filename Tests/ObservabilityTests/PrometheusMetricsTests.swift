import CoreMetrics
import Testing

@testable import Observability

struct PrometheusMetricsTests {
  @Test func everyPromisedNameAppearsBeforeAnythingHappened() {
    let text = PrometheusMetrics().exposition()
    for description in MetricCatalog.all {
      #expect(text.contains("# TYPE \(description.name) \(description.kind.rawValue)\n"))
    }
    #expect(text.contains("speechbus_retries_total 0\n"))
  }

  @Test func countersAddUpPerLabelSet() {
    let metrics = PrometheusMetrics()
    let labels = [("transport", "http"), ("outcome", "ok")]
    Counter(label: "speechbus_requests_total", dimensions: labels, factory: metrics).increment(by: 2)
    Counter(label: "speechbus_requests_total", dimensions: labels, factory: metrics).increment()
    #expect(metrics.exposition().contains("speechbus_requests_total{transport=\"http\",outcome=\"ok\"} 3\n"))
  }

  @Test func timersAreHistogramsInSeconds() {
    let metrics = PrometheusMetrics()
    let timer = Timer(label: "speechbus_decode_step_seconds", dimensions: [], factory: metrics)
    timer.recordNanoseconds(2_000_000)
    timer.recordNanoseconds(2_000_000_000)
    let text = metrics.exposition()
    #expect(text.contains("speechbus_decode_step_seconds_bucket{le=\"0.001\"} 0\n"))
    #expect(text.contains("speechbus_decode_step_seconds_bucket{le=\"0.0025\"} 1\n"))
    #expect(text.contains("speechbus_decode_step_seconds_bucket{le=\"+Inf\"} 2\n"))
    #expect(text.contains("speechbus_decode_step_seconds_sum 2.002\n"))
    #expect(text.contains("speechbus_decode_step_seconds_count 2\n"))
  }

  @Test func gaugesMoveBothWays() {
    let metrics = PrometheusMetrics()
    let meter = Meter(label: "speechbus_slots_in_use", dimensions: [], factory: metrics)
    meter.set(8)
    meter.decrement(by: 3)
    #expect(metrics.exposition().contains("speechbus_slots_in_use 5\n"))
    Gauge(label: "speechbus_slots", dimensions: [], factory: metrics).record(16)
    #expect(metrics.exposition().contains("speechbus_slots 16\n"))
  }

  @Test func labelValuesAreEscapedAndNamesSanitised() {
    let metrics = PrometheusMetrics()
    Counter(label: "1 bad-name", dimensions: [("re ason", "a\"b\\c\nd")], factory: metrics).increment()
    #expect(metrics.exposition().contains("__bad_name{re_ason=\"a\\\"b\\\\c\\nd\"} 1\n"))
  }

  @Test func seriesPerNameAreBounded() {
    let metrics = PrometheusMetrics()
    for index in 0..<(PrometheusMetrics.maximumSeriesPerName + 50) {
      Counter(label: "many_total", dimensions: [("i", String(index))], factory: metrics).increment()
    }
    let lines = metrics.exposition().split(separator: "\n").filter { $0.hasPrefix("many_total{") }
    #expect(lines.count == PrometheusMetrics.maximumSeriesPerName)
  }

  @Test func oneNameHasOneKind() {
    let metrics = PrometheusMetrics()
    Gauge(label: "speechbus_retries_total", dimensions: [], factory: metrics).record(7)
    #expect(metrics.exposition().contains("speechbus_retries_total 0\n"))
  }

  @Test func valuesThatAreNoNumbersAreDropped() {
    let metrics = PrometheusMetrics()
    Recorder(label: "speechbus_real_time_factor", dimensions: [], factory: metrics).record(Double.nan)
    FloatingPointCounter(label: "speechbus_audio_seconds_total", dimensions: [], factory: metrics)
      .increment(by: Double.infinity)
    let text = metrics.exposition()
    #expect(text.contains("speechbus_real_time_factor_count 0\n"))
    #expect(text.contains("speechbus_audio_seconds_total 0\n"))
  }
}
