import Foundation
import Hummingbird
import SpeechCore

/// Health, metrics and usage.
struct OperationsEndpoints {
  let ports: HTTPPorts

  /// - Parameter includesMetrics: false if they have a separate port.
  func all(includesMetrics: Bool) -> [Endpoint] { probes + (includesMetrics ? [metrics] : []) + [usage] }

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

  private var usage: Endpoint {
    let audit = ports.audit
    let day: JSONValue = ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "example": "2026-01-31"]
    return Endpoint(
      method: .get, path: "/api/v1/tts/usage", operationID: "usage", summary: "Totals per user and day (UTC).",
      parameters: [
        .init(name: "user_id", location: "query", description: "One user's only.", schema: MessageSchemas.string),
        .init(name: "from", location: "query", description: "First day.", schema: day),
        .init(name: "to", location: "query", description: "Last day.", schema: day),
      ],
      answers: [200: .json("Newest day first.", MessageSchemas.reference("Usage"))], errors: [422, 503]
    ) { request, _ in
      do throws(SpeechError) {
        let query = UsageQuery(
          userID: request.uri.queryParameters.get("user_id"), from: try Self.day(request, "from"),
          to: try Self.day(request, "to"))
        guard let audit = audit() else { throw SpeechError(.modelUnavailable, "no usage is recorded") }
        return .json(["usage": try await audit.usage(query)])
      } catch {
        return ErrorAnswer(error, location: "query").response
      }
    }
  }

  private static func day(_ request: Request, _ name: String) throws(SpeechError) -> String? {
    guard let value = request.uri.queryParameters.get(name) else { return nil }
    let isDay =
      value.utf8.count == 10
      && value.utf8.enumerated().allSatisfy { index, byte in
        [4, 7].contains(index) ? byte == 45 : (48...57).contains(byte)
      }
    guard isDay else { throw SpeechError(.invalidRequest, "\(name) must be a day as YYYY-MM-DD", field: name) }
    return value
  }
}
