import Foundation
import Hummingbird
import SpeechCore

/// Health and metrics.
struct OperationsEndpoints {
  let ports: HTTPPorts

  /// - Parameter includesMetrics: false if they have a separate port.
  func all(includesMetrics: Bool) -> [Endpoint] { probes + (includesMetrics ? [metrics] : []) }

  /// The endpoints of the separate port.
  var administration: [Endpoint] { probes + [metrics] }

  /// The usual names of probes elsewhere, and the endpoints they stand for.
  private static let otherNames = [
    "/healthz": "/health", "/api/health": "/health", "/readyz": "/health/ready", "/livez": "/health/live",
  ]
  static let probePaths = Set(otherNames.keys).union(otherNames.values)

  private var probes: [Endpoint] {
    let own = [health, live, ready]
    return own
      + Self.otherNames.sorted { $0.key < $1.key }.flatMap { name, path in
        own.filter { $0.path == path }.map { probe in
          var other = probe
          other.path = name
          other.operationID = name.dropFirst().split(separator: "/").joined(separator: "_")
          other.summary = "The same as \(path)."
          return other
        }
      }
  }

  private var health: Endpoint {
    state(of: "/health", "health", "The state of the service and its parts.")
  }

  private var live: Endpoint {
    Endpoint(
      method: .get, path: "/health/live", operationID: "live", summary: "Whether the process answers.",
      answers: [200: .json("It answers.", MessageSchemas.reference("Health"))], isOpen: true
    ) { _, _ in .json(HealthReport(status: .ok)) }
  }

  private var ready: Endpoint {
    state(of: "/health/ready", "ready", "Whether requests can be served now.")
  }

  private func state(of path: String, _ operationID: String, _ summary: String) -> Endpoint {
    let source = ports.health
    return Endpoint(
      method: .get, path: path, operationID: operationID, summary: summary,
      answers: [
        200: .json("Ready.", MessageSchemas.reference("Health")),
        503: .json("Starting, draining or unavailable.", MessageSchemas.reference("Health")),
      ], isOpen: true
    ) { _, _ in
      let report = source.health
      return .json(report, status: report.isReady ? .ok : .serviceUnavailable, headers: [.cacheControl: "no-store"])
    }
  }

  private var metrics: Endpoint {
    let metrics = ports.metrics
    return Endpoint(
      method: .get, path: "/metrics", operationID: "metrics", summary: "Metrics in Prometheus' text format.",
      answers: [200: .text("The metrics.")]
    ) { _, _ in .bytes(Data(metrics().utf8), mediaType: "text/plain; version=0.0.4; charset=utf-8") }
  }
}
