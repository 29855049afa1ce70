extension MessageProperties {
  /// Most bytes of properties that a frame of RabbitMQ's default size (131,072 bytes) holds: a frame has 8 bytes of its
  /// own, and class, weight and the body's size take 12.
  public static let maximumEncodedByteCount = 131_072 - 8 - 12

  /// Bytes of the properties in a content header frame: two of flags, then each property that is present.
  public var encodedByteCount: Int {
    let texts = [contentType, contentEncoding, replyTo, expiration, type, userID, appID].compactMap { $0 }
    let identifiers = [correlationID, messageID].compactMap { $0 } + texts.map { ShortString($0) }
    // The delivery mode is always sent.
    return 2 + 1 + identifiers.reduce(0) { $0 + 1 + $1.bytes.count } + (headers.isEmpty ? 0 : headers.encodedByteCount)
      + (priority == nil ? 0 : 1) + (timestamp == nil ? 0 : 8)
  }
}

extension FieldTable {
  /// Bytes of the table on the wire: its length, then name, type mark and value of each entry.
  var encodedByteCount: Int {
    reduce(4) { $0 + 1 + ShortString($1.key).bytes.count + $1.value.encodedByteCount }
  }
}

extension FieldValue {
  /// Bytes of the value on the wire, with its type mark.
  var encodedByteCount: Int {
    switch self {
    case .void: 1
    case .bool: 2
    case .integer(_, let width): 1 + width.byteCount
    case .float: 5
    case .double, .timestamp: 9
    case .decimal: 6
    case .string(let text): 5 + text.utf8.count
    case .bytes(let data): 5 + data.count
    case .table(let table): 1 + table.encodedByteCount
    case .array(let elements): elements.reduce(5) { $0 + $1.encodedByteCount }
    }
  }
}
