import Instrumentation

/// The identity of a span, as W3C Trace Context writes it in `traceparent`.
public struct TraceParent: Sendable, Equatable, CustomStringConvertible {
  /// 16 bytes, not all 0.
  var traceHigh: UInt64
  var traceLow: UInt64
  /// Not 0.
  var span: UInt64
  var isSampled: Bool

  /// A span of the same trace; without a parent, of a new one.
  init(childOf parent: TraceParent?, isSampled: Bool, random: () -> UInt64) {
    traceHigh = parent?.traceHigh ?? Self.nonZero(random)
    traceLow = parent?.traceLow ?? random()
    span = Self.nonZero(random)
    self.isSampled = isSampled
  }

  /// - Returns: nil for anything but version, trace id, span id and flags in lower-case hexadecimal digits. Later versions
  ///   may append fields.
  public init?(_ text: some StringProtocol) {
    let parts = text.prefix(129).split(separator: "-", omittingEmptySubsequences: false)
    let isHex = parts.prefix(4).allSatisfy { part in
      part.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
    guard text.utf8.count <= 128, parts.count >= 4, parts[0].utf8.count == 2, parts[1].utf8.count == 32,
      parts[2].utf8.count == 16, parts[3].utf8.count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4,
      isHex, let high = UInt64(parts[1].prefix(16), radix: 16), let low = UInt64(parts[1].suffix(16), radix: 16),
      let span = UInt64(parts[2], radix: 16), let flags = UInt8(parts[3], radix: 16), high | low != 0, span != 0
    else { return nil }
    (traceHigh, traceLow, self.span, isSampled) = (high, low, span, flags & 1 == 1)
  }

  /// The value of the header.
  public var description: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }
  /// 32 hexadecimal digits.
  public var traceID: String { Self.hexadecimal(traceHigh) + Self.hexadecimal(traceLow) }
  /// 16 hexadecimal digits.
  public var spanID: String { Self.hexadecimal(span) }

  private static func nonZero(_ random: () -> UInt64) -> UInt64 { max(1, random()) }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

private enum TraceParentKey: ServiceContextKey {
  typealias Value = TraceParent
}

extension ServiceContext {
  var traceParent: TraceParent? {
    get { self[TraceParentKey.self] }
    set { self[TraceParentKey.self] = newValue }
  }
}
