import Foundation
import SpeechCore
import SpeechService

/// The parts of the service that the adapter calls.
public struct HTTPPorts: Sendable {
  /// The use cases.
  public var requests: any SpeechRequestHandler
  /// The segments of a request as they would be spoken. It needs no loaded model and writes no record.
  public var preview: @Sendable (SynthesisRequest) async throws(SpeechError) -> TextPreview
  /// A cleaned recording as a WAV file. It makes no voice and writes no record.
  public var cleaned: @Sendable (_ recording: Data, _ field: String) async throws(SpeechError) -> Data
  /// Grants the slots; shared with other transports.
  public var admission: AdmissionControl
  /// Shared with other transports.
  public var budgets: MemoryBudgets
  /// The state that `/health` reports.
  public var health: any HealthSource
  /// Returns nil while there is no audit log: endpoints that read it answer 503.
  public var audit: @Sendable () -> (any AuditLog)?
  /// Returns nil before the bus is used: endpoints of queues answer 503.
  public var queues: @Sendable () -> (any QueueOperations)?
  /// Nil: there are no stored clips to serve.
  public var clips: (any ClipStore)?
  /// The metrics in Prometheus' text format.
  public var metrics: @Sendable () -> String

  public init(
    requests: any SpeechRequestHandler,
    preview: @escaping @Sendable (SynthesisRequest) async throws(SpeechError) -> TextPreview,
    cleaned: @escaping @Sendable (Data, String) async throws(SpeechError) -> Data,
    admission: AdmissionControl = AdmissionControl(),
    budgets: MemoryBudgets = MemoryBudgets(), health: any HealthSource,
    audit: @escaping @Sendable () -> (any AuditLog)?,
    queues: @escaping @Sendable () -> (any QueueOperations)?, clips: (any ClipStore)?,
    metrics: @escaping @Sendable () -> String
  ) {
    self.requests = requests
    self.preview = preview
    self.cleaned = cleaned
    self.admission = admission
    self.budgets = budgets
    self.health = health
    self.audit = audit
    self.queues = queues
    self.clips = clips
    self.metrics = metrics
  }

  /// Waits for a slot, then takes the memory of the reply. In this order a request that waits for a slot holds no memory
  /// that a request with a slot may wait for.
  /// - Throws: `overloaded` when the user has its share of waiting requests, or there is no room in memory.
  func admit(
    _ request: SynthesisRequest, _ context: SpeechCore.RequestContext
  ) async throws(SpeechError) -> (slot: Slot?, reply: ByteReservation?) {
    let slot = try await admission.slot(
      for: .init(user: request.userID, priority: context.priority, deadline: context.deadline))
    return (slot, try budgets.admit(request))
  }
}
