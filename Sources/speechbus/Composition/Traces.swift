import Downloads
import Foundation
import Logging
import Metrics
import Observability
import SpeechCore
import Tracing

/// The traces of `serve`: nothing is recorded without an OTLP endpoint.
struct Traces {
  private let exporter: SpanExporter?

  /// Installs the tracer of the process, if there is an endpoint.
  init(_ settings: TraceSettings, _ logger: Logger) {
    guard let endpoint = settings.endpoint else {
      exporter = nil
      return
    }
    let dropped = Counter(label: "speechbus_spans_dropped_total")
    let queue = SpanQueue { dropped.increment(by: $0) }
    let post = HTTPPost(
      url: endpoint, headers: settings.headers.merging(["Content-Type": "application/json"]) { $1 },
      certificateAuthorityFile: settings.certificateFile)
    exporter = SpanExporter(
      queue: queue, resource: settings.resource, version: Release.version, timeout: settings.timeout
    ) { json, timeout in
      do throws(DownloadError) {
        return SpanExporter.Outcome(try await post.send(json, timeout: timeout))
      } catch {
        return .retry(reason: error.message, after: nil)
      }
    } onProblem: { problem in
      if let problem {
        logger.warning("traces are not exported", metadata: ["reason": "\(problem)"])
      } else {
        logger.info("traces are exported again")
      }
    }
    InstrumentationSystem.bootstrap(SpanTracer(sampler: settings.sampler, queue: queue))
    // Headers may be secrets, and so may be a part of the address.
    logger.info("traces are exported", metadata: ["sampler": "\(settings.sampler)"])
  }

  /// Exports the spans of `body`, the last ones after its end.
  func exporting(_ body: () async throws -> Void) async throws {
    guard let exporter else { return try await body() }
    let exporting = Task { await exporter.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    exporting.cancel()
    await exporting.value
    try result.get()
  }
}

extension SpanExporter.Outcome {
  /// As OTLP defines it.
  init(_ response: HTTPPost.Response) {
    let reason = "the receiver answered \(response.status)"
    self =
      switch response.status {
      case 200..<300: .accepted
      case 429, 502, 503, 504: .retry(reason: reason, after: response.retryAfter)
      default: .refused(reason: reason)
      }
  }
}
