import CRabbitMQ
import Foundation

/// The wire's type marks in tables.
enum FieldKind: UInt8 {
  case boolean = 0x74  // t
  case int8 = 0x62  // b
  case uint8 = 0x42  // B
  case int16 = 0x73  // s
  case uint16 = 0x75  // u
  case int32 = 0x49  // I
  case uint32 = 0x69  // i
  case int64 = 0x6c  // l
  case uint64 = 0x4c  // L
  case float = 0x66  // f
  case double = 0x64  // d
  case decimal = 0x44  // D
  case string = 0x53  // S
  case array = 0x41  // A
  case timestamp = 0x54  // T
  case table = 0x46  // F
  case void = 0x56  // V
  case bytes = 0x78  // x
}

extension IntegerWidth {
  var kind: FieldKind {
    switch self {
    case .int8: .int8
    case .uint8: .uint8
    case .int16: .int16
    case .uint16: .uint16
    case .int32: .int32
    case .uint32: .uint32
    case .int64: .int64
    case .uint64: .uint64
    }
  }
}

extension FieldValue {
  /// Copies a received value out of the connection's buffers.
  init(_ field: amqp_field_value_t, depth: Int = 0) {
    guard depth < Self.depthLimit, let kind = FieldKind(rawValue: field.kind) else {
      self = .void
      return
    }
    switch kind {
    case .void: self = .void
    case .boolean: self = .bool(field.value.boolean != 0)
    case .int8: self = .integer(Int64(field.value.i8), .int8)
    case .uint8: self = .integer(Int64(field.value.u8), .uint8)
    case .int16: self = .integer(Int64(field.value.i16), .int16)
    case .uint16: self = .integer(Int64(field.value.u16), .uint16)
    case .int32: self = .integer(Int64(field.value.i32), .int32)
    case .uint32: self = .integer(Int64(field.value.u32), .uint32)
    case .int64: self = .integer(field.value.i64, .int64)
    case .uint64: self = .integer(Int64(clamping: field.value.u64), .uint64)
    case .float: self = .float(field.value.f32)
    case .double: self = .double(field.value.f64)
    case .decimal:
      let decimal = field.value.decimal
      self = .decimal(places: decimal.decimals, decimal.value)
    case .string: self = String(field.value.bytes).map(FieldValue.string) ?? .bytes(Data(field.value.bytes))
    case .bytes: self = .bytes(Data(field.value.bytes))
    case .timestamp: self = .timestamp(field.value.u64)
    case .table: self = .table(FieldTable(field.value.table, depth: depth + 1))
    case .array:
      let array = field.value.array
      let elements = UnsafeBufferPointer(start: array.entries, count: Int(max(0, array.num_entries)))
      self = .array(elements.map { FieldValue($0, depth: depth + 1) })
    }
  }
}

extension FieldTable {
  init(_ table: amqp_table_t, depth: Int = 0) {
    self.init()
    for entry in UnsafeBufferPointer(start: table.entries, count: Int(Swift.max(0, table.num_entries))) {
      self[String(lossy: entry.key)] = FieldValue(entry.value, depth: depth)
    }
  }
}

extension String {
  /// Nil when the bytes are not UTF-8.
  init?(_ bytes: amqp_bytes_t) {
    self.init(validating: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }

  init(lossy bytes: amqp_bytes_t) {
    self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}

extension Data {
  init(_ bytes: amqp_bytes_t) {
    self = bytes.bytes.map { Data(bytes: $0, count: bytes.len) } ?? Data()
  }
}
