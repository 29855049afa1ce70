import CRabbitMQ
import Foundation

extension MessageProperties {
  /// Copies received properties out of the connection's buffers. Identifiers keep their bytes. In other text, bytes
  /// that are not UTF-8 are replaced.
  init(_ native: amqp_basic_properties_t) {
    func has(_ bit: Int32) -> Bool { native._flags & UInt32(bit) != 0 }
    func text(_ bit: Int32, _ bytes: amqp_bytes_t) -> String? {
      has(bit) ? String(lossy: bytes) : nil
    }
    func identifier(_ bit: Int32, _ bytes: amqp_bytes_t) -> ShortString? {
      has(bit) ? ShortString(bytes: Data(bytes)) : nil
    }
    self.init()
    contentType = text(AMQP_BASIC_CONTENT_TYPE_FLAG, native.content_type)
    contentEncoding = text(AMQP_BASIC_CONTENT_ENCODING_FLAG, native.content_encoding)
    if has(AMQP_BASIC_HEADERS_FLAG) { headers = FieldTable(native.headers) }
    isPersistent = has(AMQP_BASIC_DELIVERY_MODE_FLAG) && native.delivery_mode == 2
    if has(AMQP_BASIC_PRIORITY_FLAG) { priority = native.priority }
    correlationID = identifier(AMQP_BASIC_CORRELATION_ID_FLAG, native.correlation_id)
    replyTo = text(AMQP_BASIC_REPLY_TO_FLAG, native.reply_to)
    expiration = text(AMQP_BASIC_EXPIRATION_FLAG, native.expiration)
    messageID = identifier(AMQP_BASIC_MESSAGE_ID_FLAG, native.message_id)
    if has(AMQP_BASIC_TIMESTAMP_FLAG) { timestamp = native.timestamp }
    type = text(AMQP_BASIC_TYPE_FLAG, native.type)
    userID = text(AMQP_BASIC_USER_ID_FLAG, native.user_id)
    appID = text(AMQP_BASIC_APP_ID_FLAG, native.app_id)
  }

  /// The result is valid until the arena is recycled.
  func native(in arena: NativeArena) -> amqp_basic_properties_t {
    var native = amqp_basic_properties_t()
    func set(_ value: ShortString?, _ bit: Int32, _ path: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>) {
      guard let value else { return }
      native._flags |= UInt32(bit)
      native[keyPath: path] = arena.bytes(value.bytes)
    }
    func set(_ text: String?, _ bit: Int32, _ path: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>) {
      set(text.map { ShortString($0) }, bit, path)
    }
    set(contentType, AMQP_BASIC_CONTENT_TYPE_FLAG, \.content_type)
    set(contentEncoding, AMQP_BASIC_CONTENT_ENCODING_FLAG, \.content_encoding)
    set(correlationID, AMQP_BASIC_CORRELATION_ID_FLAG, \.correlation_id)
    set(replyTo, AMQP_BASIC_REPLY_TO_FLAG, \.reply_to)
    set(expiration, AMQP_BASIC_EXPIRATION_FLAG, \.expiration)
    set(messageID, AMQP_BASIC_MESSAGE_ID_FLAG, \.message_id)
    set(type, AMQP_BASIC_TYPE_FLAG, \.type)
    set(userID, AMQP_BASIC_USER_ID_FLAG, \.user_id)
    set(appID, AMQP_BASIC_APP_ID_FLAG, \.app_id)
    if !headers.isEmpty {
      native._flags |= UInt32(AMQP_BASIC_HEADERS_FLAG)
      native.headers = arena.table(headers)
    }
    native._flags |= UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG)
    native.delivery_mode = isPersistent ? 2 : 1
    if let priority {
      native._flags |= UInt32(AMQP_BASIC_PRIORITY_FLAG)
      native.priority = priority
    }
    if let timestamp {
      native._flags |= UInt32(AMQP_BASIC_TIMESTAMP_FLAG)
      native.timestamp = timestamp
    }
    return native
  }
}
