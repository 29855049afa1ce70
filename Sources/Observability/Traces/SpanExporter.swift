import Foundation
import SpeechCore

/// Sends the spans of a queue in batches, in the background.
public final class SpanExporter: Sendable {
  /// The receiver's answer to one batch.
  public enum Outcome: Sendable, Equatable {
    case accepted
    /// The batch may be sent again, after the time that the receiver named.
    case retry(reason: String, after: Duration?)
    case refused(reason: String)
  }

  /// Sends the JSON of one batch, and ends after the given time.
  public typealias Send = @Sendable (Data, _ timeout: Duration) async -> Outcome

  private static let period = Duration.seconds(1)
  private static let attempts = 4
  private static let backOff = RetryBackoff(initial: .seconds(1), maximum: .seconds(5))
  static let batchLimit = 512

  private let queue: SpanQueue
  private let resource: TraceResource
  private let version: String
  private let timeout: Duration
  private let stopTimeout: Duration
  private let send: Send
  private let onProblem: @Sendable (String?) -> Void

  /// - Parameters:
  ///   - version: the service's version, which each batch names.
  ///   - timeout: the limit of one request.
  ///   - stopTimeout: the limit of a request, and of all of them, once the service stops.
  ///   - onProblem: receives the reason when a batch is lost and the one before was not, and nil for the next success.
  public init(
    queue: SpanQueue, resource: TraceResource, version: String, timeout: Duration,
    stopTimeout: Duration = .seconds(3), send: @escaping Send,
    onProblem: @escaping @Sendable (String?) -> Void
  ) {
    self.queue = queue
    self.resource = resource
    self.version = version
    self.timeout = timeout
    self.stopTimeout = stopTimeout
    self.send = send
    self.onProblem = onProblem
  }

  /// Exports until the task is cancelled, then the spans that wait, at most until the time of a stop is over.
  public func run() async {
    var hasProblem = false
    var stopsAt: ContinuousClock.Instant?
    while true {
      while let batch = queue.take(Self.batchLimit) {
        if Task.isCancelled, stopsAt == nil { stopsAt = .now + stopTimeout }
        let problem = await stopsAt.map { $0 <= .now } ?? false ? "the service stops" : export(batch)
        if problem != nil { queue.drop(batch.count) }
        if hasProblem != (problem != nil) { onProblem(problem) }
        hasProblem = problem != nil
      }
      guard !Task.isCancelled else { return }
      try? await Task.sleep(for: Self.period)
    }
  }

  /// - Returns: the reason why the batch is lost; nil if it was accepted.
  private func export(_ batch: [SpanRecord]) async -> String? {
    guard let json = try? OTLPDocument(batch, resource: resource, version: version).encoded() else {
      return "a span can't be written as JSON"
    }
    for attempt in 0..<Self.attempts {
      let limit = Task.isCancelled ? min(timeout, stopTimeout) : timeout
      // A separate task: the end of the service does not cancel a request under way.
      switch await Task(operation: { [send] in await send(json, limit) }).value {
      case .accepted: return nil
      case .refused(let reason): return reason
      case .retry(let reason, let delay):
        guard attempt + 1 < Self.attempts, !Task.isCancelled else { return reason }
        let pause = delay ?? Self.backOff.delay(attempt: attempt, jitter: .random(in: 0..<1))
        try? await Task.sleep(for: min(pause, .seconds(30)))
      }
    }
    return nil
  }
}
