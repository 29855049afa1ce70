/// Decides which traces are recorded: the samplers of OpenTelemetry's `OTEL_TRACES_SAMPLER`.
public struct TraceSampler: Sendable, Equatable, CustomStringConvertible {
  /// The values of `OTEL_TRACES_SAMPLER`.
  public enum Name: String, CaseIterable, Sendable {
    case alwaysOn = "always_on"
    case alwaysOff = "always_off"
    case ratio = "traceidratio"
    case parentAlwaysOn = "parentbased_always_on"
    case parentAlwaysOff = "parentbased_always_off"
    case parentRatio = "parentbased_traceidratio"
  }

  private let name: Name
  private let ratio: Double

  /// - Parameter ratio: the recorded share of the traces, 0 to 1, for the samplers with a ratio.
  public init(_ name: Name = .parentAlwaysOn, ratio: Double = 1) {
    self.name = name
    self.ratio = ratio
  }

  /// The name of the sampler.
  public var description: String { name.rawValue }

  /// The decision depends on the trace alone, so that all services with the same ratio record the same traces.
  func samples(_ span: TraceParent, childOf parent: TraceParent?) -> Bool {
    switch name {
    case .alwaysOn: true
    case .alwaysOff: false
    case .ratio: isInRatio(span)
    case .parentAlwaysOn: parent?.isSampled ?? true
    case .parentAlwaysOff: parent?.isSampled ?? false
    case .parentRatio: parent?.isSampled ?? isInRatio(span)
    }
  }

  private func isInRatio(_ span: TraceParent) -> Bool {
    ratio >= 1 || Double(span.traceLow >> 11) < ratio * Double(1 << 53)
  }
}
