import Foundation
import Tracing

/// One batch of spans as OTLP's JSON: `ExportTraceServiceRequest`. Ids are hexadecimal digits and 64-bit numbers are
/// strings, as OTLP defines them.
struct OTLPDocument: Encodable {
  private let resourceSpans: [ResourceSpans]

  /// - Parameter version: the version of the instrumentation scope.
  init(_ spans: [SpanRecord], resource: TraceResource, version: String) {
    let attributes = resource.attributes.sorted { $0.key < $1.key }.map { KeyValue($0.key, .string($0.value)) }
    resourceSpans = [
      ResourceSpans(
        resource: .init(attributes: attributes),
        scopeSpans: [.init(scope: .init(name: "speechbus", version: version), spans: spans.map(Span.init))])
    ]
  }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return try encoder.encode(self)
  }

  private struct ResourceSpans: Encodable {
    struct Resource: Encodable { var attributes: [KeyValue] }
    struct ScopeSpans: Encodable {
      var scope: Scope
      var spans: [Span]
    }
    struct Scope: Encodable {
      var name: String
      var version: String
    }

    var resource: Resource
    var scopeSpans: [ScopeSpans]
  }

  private struct Span: Encodable {
    struct Status: Encodable {
      var code: Int
      var message: String?
    }

    var traceId: String
    var spanId: String
    var parentSpanId: String?
    /// 1: sampled.
    var flags = 1
    var name: String
    var kind: Int
    var startTimeUnixNano: String
    var endTimeUnixNano: String
    var attributes: [KeyValue] = []
    var status: Status?

    init(_ record: SpanRecord) {
      traceId = record.identity.traceID
      spanId = record.identity.spanID
      parentSpanId = record.parent?.spanID
      name = record.name
      kind =
        switch record.kind {
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        default: 1
        }
      startTimeUnixNano = "\(record.start)"
      endTimeUnixNano = "\(record.end)"
      record.attributes.forEach { key, value in attributes.append(KeyValue(key, value)) }
      attributes.sort { $0.key < $1.key }
      status = record.status.map { Status(code: $0.code == .error ? 2 : 1, message: $0.message) }
    }
  }

  private struct KeyValue: Encodable {
    /// The longest text of an attribute, in characters: some come from clients.
    private static let longestText = 1_024

    struct Value: Encodable {
      var stringValue: String?
      var intValue: String?
      var doubleValue: Double?
      var boolValue: Bool?
    }

    var key: String
    var value: Value

    init(_ key: String, _ attribute: SpanAttribute) {
      self.key = key
      switch attribute {
      case .int32(let number): value = Value(intValue: "\(number)")
      case .int64(let number): value = Value(intValue: "\(number)")
      // JSON has no infinity and no NaN.
      case .double(let number) where number.isFinite: value = Value(doubleValue: number)
      case .bool(let flag): value = Value(boolValue: flag)
      case .string(let text): value = Value(stringValue: String(text.prefix(Self.longestText)))
      default: value = Value(stringValue: String("\(attribute)".prefix(Self.longestText)))
      }
    }
  }
}
