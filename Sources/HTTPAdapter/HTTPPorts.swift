import SpeechCore

/// The parts of the service that the adapter calls.
public struct HTTPPorts: Sendable {
  public var requests: any SpeechRequestHandler
  /// Shared with other transports.
  public var budgets: MemoryBudgets
  public var health: any HealthSource
  /// Returns nil while there is no audit log: `GET /api/v1/tts/usage` answers 503.
  public var audit: @Sendable () -> (any AuditLog)?
  /// Nil: there are no stored clips to serve.
  public var clips: (any ClipStore)?
  /// The metrics in Prometheus' text format.
  public var metrics: @Sendable () -> String

  public init(
    requests: any SpeechRequestHandler, budgets: MemoryBudgets = MemoryBudgets(), health: any HealthSource,
    audit: @escaping @Sendable () -> (any AuditLog)?, clips: (any ClipStore)?,
    metrics: @escaping @Sendable () -> String
  ) {
    self.requests = requests
    self.budgets = budgets
    self.health = health
    self.audit = audit
    self.clips = clips
    self.metrics = metrics
  }
}
