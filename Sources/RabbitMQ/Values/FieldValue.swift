import Foundation

/// A value in an AMQP table: message headers and declaration arguments.
public enum FieldValue: Sendable, Equatable {
  case void
  case bool(Bool)
  /// An integer with its width on the wire, so that a republished message does not grow. Received values above
  /// `Int64.max` are clamped.
  case integer(Int64, IntegerWidth)
  case float(Float)
  case double(Double)
  /// `value` divided by 10 to the power of `places`.
  case decimal(places: UInt8, UInt32)
  case string(String)
  /// Bytes, or a string that is not UTF-8.
  case bytes(Data)
  /// Seconds since 1970.
  case timestamp(UInt64)
  case table([String: FieldValue])
  case array([FieldValue])

  /// The deepest nesting that is read from the wire; deeper values become ``void``.
  static let depthLimit = 16

  /// A signed 64-bit integer.
  public static func integer(_ value: Int64) -> FieldValue { .integer(value, .int64) }

  /// The text; nil for other types.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The value as an integer; nil if it has none. Timestamps, and floats after rounding, are accepted too, and so are
  /// strings in decimal notation, because clients of some languages send numbers as text.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value, _): value
    case .timestamp(let value): Int64(clamping: value)
    case .string(let text): Int64(text)
    case .float(let value): Int64(exactly: value.rounded())
    case .double(let value): Int64(exactly: value.rounded())
    default: nil
    }
  }

  /// The Boolean; nil for other types.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

/// The integer types of AMQP tables.
public enum IntegerWidth: Sendable, CaseIterable {
  case int8, uint8, int16, uint16, int32, uint32, int64, uint64

  var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32: 4
    case .int64, .uint64: 8
    }
  }
}

/// Named values: headers of a message, arguments of a declaration.
public typealias FieldTable = [String: FieldValue]

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension FieldValue: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .void: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value, _): try container.encode(value)
    case .float(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .decimal(let places, let value): try container.encode(Double(value) / pow(10, Double(places)))
    case .string(let value): try container.encode(value)
    case .bytes(let value): try container.encode(value.base64EncodedString())
    case .timestamp(let value): try container.encode(value)
    case .table(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    }
  }
}
