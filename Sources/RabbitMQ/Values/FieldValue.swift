import Foundation

/// A value in an AMQP table: message headers and declaration arguments.
public enum FieldValue: Sendable, Equatable {
  case void
  case bool(Bool)
  /// Every integer width; sent as signed 64-bit. Values above `Int64.max` are clamped when read.
  case integer(Int64)
  case double(Double)
  case string(String)
  /// Bytes, and strings that are not UTF-8.
  case bytes(Data)
  /// Seconds since 1970.
  case timestamp(UInt64)
  case table([String: FieldValue])
  case array([FieldValue])

  /// Nesting read from the wire; what lies deeper becomes ``void``.
  public static let depthLimit = 16

  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// An integer, or a string that spells one: clients of some languages send numbers as text.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .timestamp(let value): Int64(clamping: value)
    case .string(let text): Int64(text)
    case .double(let value): Int64(exactly: value.rounded())
    default: nil
    }
  }

  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

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
    case .integer(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .bytes(let value): try container.encode(value.base64EncodedString())
    case .timestamp(let value): try container.encode(value)
    case .table(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    }
  }
}
