import Foundation
import Observability

/// The settings that OpenTelemetry defines.
extension Settings {
  static let otlpEndpoint = url(
    "OTEL_EXPORTER_OTLP_ENDPOINT", "OTLP receiver (HTTP with JSON) of the traces, as the part before /v1/traces")
  static let tracesEndpoint = url(
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "the receiver's whole address, in place of OTEL_EXPORTER_OTLP_ENDPOINT")
  static let otlpHeaders = list(
    "OTEL_EXPORTER_OTLP_HEADERS", "headers of the requests to the receiver, such as authorization", isSecret: true)
  static let otlpTimeout = Setting.integer(
    "OTEL_EXPORTER_OTLP_TIMEOUT", "most milliseconds of one request to the receiver", default: 10_000, in: 1...600_000)
  static let traceServiceName = Setting.optionalText(
    "OTEL_SERVICE_NAME", "name of the service in traces", default: "speechbus", allowed: "a name")
  static let traceResource = list("OTEL_RESOURCE_ATTRIBUTES", "attributes of the process in traces")
  static let traceSampler = Setting.choice(
    "OTEL_TRACES_SAMPLER", "traces that are recorded; the parent is the requester's decision",
    default: TraceSampler.Name.parentAlwaysOn)
  static let traceSamplerArgument = Setting<Double>(
    "OTEL_TRACES_SAMPLER_ARG", "recorded share of the traces, for the samplers with traceidratio", default: 1, "1",
    allowed: "a number from 0 to 1"
  ) { text in Double(text).flatMap { (0...1).contains($0) ? $0 : nil } }
  static let tracesDisabled = Setting.flag("OTEL_SDK_DISABLED", "1 records no traces")

  static let traceDescriptions = [
    otlpEndpoint.description, tracesEndpoint.description, otlpHeaders.description, otlpTimeout.description,
    traceServiceName.description, traceResource.description, traceSampler.description,
    traceSamplerArgument.description, tracesDisabled.description,
  ]

  private static func url(_ name: String, _ summary: String) -> Setting<String?> {
    Setting(name, summary, default: nil, "none: no traces", allowed: "an http:// or https:// URL") { text in
      guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil else { return nil }
      return .some(text)
    }
  }

  private static func list(_ name: String, _ summary: String, isSecret: Bool = false) -> Setting<[String: String]> {
    Setting(
      name, summary, default: [:], "none", allowed: "pairs such as key=value,key=value, with percent encoding",
      isSecret: isSecret
    ) { TraceResource.list($0) }
  }
}
