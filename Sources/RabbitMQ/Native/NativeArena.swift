import CRabbitMQ
import Foundation

/// Memory for the strings and tables of one outgoing method; all of it is released together.
final class NativeArena {
  private let pool: UnsafeMutablePointer<amqp_pool_t>

  init() {
    pool = .allocate(capacity: 1)
    pool.initialize(to: amqp_pool_t())
    init_amqp_pool(pool, 16384)
  }

  deinit {
    empty_amqp_pool(pool)
    pool.deallocate()
  }

  /// Everything handed out before becomes invalid.
  func recycle() { recycle_amqp_pool(pool) }

  func bytes(_ text: String) -> amqp_bytes_t {
    var text = text
    return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  func bytes(_ data: Data) -> amqp_bytes_t { data.withUnsafeBytes { copy($0) } }

  private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
    guard let base = source.baseAddress, source.count > 0, let memory = amqp_pool_alloc(pool, source.count) else {
      return amqp_bytes_t(len: 0, bytes: nil)
    }
    memory.copyMemory(from: base, byteCount: source.count)
    return amqp_bytes_t(len: source.count, bytes: memory)
  }

  func table(_ table: FieldTable) -> amqp_table_t {
    guard !table.isEmpty, let entries = allocate(amqp_table_entry_t.self, count: table.count) else {
      return amqp_table_t(num_entries: 0, entries: nil)
    }
    for (index, (key, value)) in table.sorted(by: { $0.key < $1.key }).enumerated() {
      // Longer names than AMQP's 255 bytes can't be sent; shortened, the rest of the table still goes out.
      (entries + index).initialize(to: amqp_table_entry_t(key: bytes(ShortString(key).bytes), value: field(value)))
    }
    return amqp_table_t(num_entries: Int32(clamping: table.count), entries: entries)
  }

  private func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element>? {
    amqp_pool_alloc(pool, MemoryLayout<Element>.stride * count)?.bindMemory(to: type, capacity: count)
  }

  private func field(_ value: FieldValue) -> amqp_field_value_t {
    var field = amqp_field_value_t()
    switch value {
    case .void: field.kind = FieldKind.void.rawValue
    case .bool(let flag):
      field.kind = FieldKind.boolean.rawValue
      field.value.boolean = flag ? 1 : 0
    case .integer(let number, let width): set(number, width, in: &field)
    case .float(let number):
      field.kind = FieldKind.float.rawValue
      field.value.f32 = number
    case .decimal(let places, let value):
      field.kind = FieldKind.decimal.rawValue
      field.value.decimal = amqp_decimal_t(decimals: places, value: value)
    case .double(let number):
      field.kind = FieldKind.double.rawValue
      field.value.f64 = number
    case .string(let text):
      field.kind = FieldKind.string.rawValue
      field.value.bytes = bytes(text)
    case .bytes(let data):
      field.kind = FieldKind.bytes.rawValue
      field.value.bytes = bytes(data)
    case .timestamp(let seconds):
      field.kind = FieldKind.timestamp.rawValue
      field.value.u64 = seconds
    case .table(let nested):
      field.kind = FieldKind.table.rawValue
      field.value.table = table(nested)
    case .array(let elements):
      field.kind = FieldKind.array.rawValue
      field.value.array = array(elements)
    }
    return field
  }

  /// Values that don't fit the width are clamped to it.
  private func set(_ number: Int64, _ width: IntegerWidth, in field: inout amqp_field_value_t) {
    field.kind = width.kind.rawValue
    switch width {
    case .int8: field.value.i8 = Int8(clamping: number)
    case .uint8: field.value.u8 = UInt8(clamping: number)
    case .int16: field.value.i16 = Int16(clamping: number)
    case .uint16: field.value.u16 = UInt16(clamping: number)
    case .int32: field.value.i32 = Int32(clamping: number)
    case .uint32: field.value.u32 = UInt32(clamping: number)
    case .int64: field.value.i64 = number
    case .uint64: field.value.u64 = UInt64(clamping: number)
    }
  }

  private func array(_ elements: [FieldValue]) -> amqp_array_t {
    guard let entries = allocate(amqp_field_value_t.self, count: max(1, elements.count)) else {
      return amqp_array_t(num_entries: 0, entries: nil)
    }
    for (index, element) in elements.enumerated() { (entries + index).initialize(to: field(element)) }
    return amqp_array_t(num_entries: Int32(clamping: elements.count), entries: entries)
  }
}
