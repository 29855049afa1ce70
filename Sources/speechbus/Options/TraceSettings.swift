import ArgumentParser
import Foundation
import Observability
import SpeechCore

/// The settings of OpenTelemetry that `serve` honours. `OTEL_EXPORTER_OTLP_HEADERS` is a secret, so it is no option.
struct TraceFlags: ParsableArguments {
  @Option(Settings.tracesEndpoint) var otelExporterOtlpTracesEndpoint: String?
  @Option(Settings.otlpEndpoint) var otelExporterOtlpEndpoint: String?
  @Option(Settings.otlpTimeout) var otelExporterOtlpTimeout: String?
  @Option(Settings.traceServiceName) var otelServiceName: String?
  @Option(Settings.traceResource) var otelResourceAttributes: String?
  @Option(Settings.traceSampler) var otelTracesSampler: String?
  @Option(Settings.traceSamplerArgument) var otelTracesSamplerArg: String?
  @Option(Settings.tracesDisabled) var otelSdkDisabled: String?
}

/// The destination and the selection of traces.
struct TraceSettings: Sendable {
  /// The URL that gets the spans; nil records none.
  let endpoint: String?
  let headers: [String: String]
  let timeout: Duration
  let certificateFile: String?
  let resource: TraceResource
  let sampler: TraceSampler

  init(_ flags: TraceFlags, _ environment: Environment) throws(BadSetting) {
    let base = try environment(Settings.otlpEndpoint, flag: flags.otelExporterOtlpEndpoint)
    let whole = try environment(Settings.tracesEndpoint, flag: flags.otelExporterOtlpTracesEndpoint)
    let isDisabled = try environment(Settings.tracesDisabled, flag: flags.otelSdkDisabled)
    endpoint = isDisabled ? nil : whole ?? base.map { $0.hasSuffix("/") ? "\($0)v1/traces" : "\($0)/v1/traces" }
    headers = try environment(Settings.otlpHeaders)
    timeout = .milliseconds(try environment(Settings.otlpTimeout, flag: flags.otelExporterOtlpTimeout))
    certificateFile = try environment(Settings.certificateFile)
    resource = TraceResource(
      serviceName: try environment(Settings.traceServiceName, flag: flags.otelServiceName),
      list: try environment(Settings.traceResource, flag: flags.otelResourceAttributes), defaults: Self.process)
    sampler = TraceSampler(
      try environment(Settings.traceSampler, flag: flags.otelTracesSampler),
      ratio: try environment(Settings.traceSamplerArgument, flag: flags.otelTracesSamplerArg))
  }

  /// Without a query of a name server, which `ProcessInfo` may send.
  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static var process: [String: String] {
    [
      "service.name": "speechbus", "service.version": Release.description,
      "service.instance.id": UUID().uuidString.lowercased(), "host.name": hostName,
      "telemetry.sdk.language": "swift", "telemetry.sdk.name": "speechbus", "telemetry.sdk.version": Release.version,
    ]
  }
}
