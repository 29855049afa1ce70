import Observability
import Testing

@testable import speechbus

struct TraceSettingsTests {
  private func settings(_ variables: [String: String], _ arguments: [String] = []) throws -> TraceSettings {
    try TraceSettings(try TraceFlags.parse(arguments), Environment(variables: variables))
  }

  @Test func withoutAnEndpointThereIsNone() throws {
    #expect(try settings([:]).endpoint == nil)
    #expect(
      try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"]).endpoint == nil)
  }

  @Test func theAddressIsThatOfOpenTelemetry() throws {
    let base = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/otlp/"]
    #expect(try settings(base).endpoint == "http://c:4318/otlp/v1/traces")
    #expect(try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"]).endpoint == "http://c:4318/v1/traces")
    let whole = base.merging(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://t/spans"]) { $1 }
    #expect(try settings(whole).endpoint == "https://t/spans")
    #expect(
      try settings(base, ["--otel-exporter-otlp-endpoint", "http://d"]).endpoint == "http://d/v1/traces")
  }

  @Test func theRestIsRead() throws {
    let settings = try settings([
      "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x,a=b", "OTEL_EXPORTER_OTLP_TIMEOUT": "2500",
      "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25",
    ])
    #expect(settings.headers == ["authorization": "Bearer x", "a": "b"] && settings.timeout == .milliseconds(2_500))
    #expect(settings.sampler == TraceSampler(.ratio, ratio: 0.25))
  }
}
