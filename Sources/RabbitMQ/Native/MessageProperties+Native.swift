import CRabbitMQ
import Foundation

/// Presence bits of the content header.
private enum Presence {
  static let contentType: UInt32 = 1 << 15
  static let contentEncoding: UInt32 = 1 << 14
  static let headers: UInt32 = 1 << 13
  static let deliveryMode: UInt32 = 1 << 12
  static let priority: UInt32 = 1 << 11
  static let correlationID: UInt32 = 1 << 10
  static let replyTo: UInt32 = 1 << 9
  static let expiration: UInt32 = 1 << 8
  static let messageID: UInt32 = 1 << 7
  static let timestamp: UInt32 = 1 << 6
  static let type: UInt32 = 1 << 5
  static let userID: UInt32 = 1 << 4
  static let appID: UInt32 = 1 << 3
}

extension MessageProperties {
  /// Copies received properties out of the connection's buffers. Identifiers keep their bytes; other text that is not
  /// UTF-8 is repaired.
  init(_ native: amqp_basic_properties_t) {
    func text(_ bit: UInt32, _ bytes: amqp_bytes_t) -> String? {
      native._flags & bit == 0 ? nil : String(lossy: bytes)
    }
    func identifier(_ bit: UInt32, _ bytes: amqp_bytes_t) -> ShortString? {
      native._flags & bit == 0 ? nil : ShortString(bytes: Data(bytes))
    }
    self.init()
    contentType = text(Presence.contentType, native.content_type)
    contentEncoding = text(Presence.contentEncoding, native.content_encoding)
    if native._flags & Presence.headers != 0 { headers = FieldTable(native.headers) }
    isPersistent = native._flags & Presence.deliveryMode != 0 && native.delivery_mode == 2
    if native._flags & Presence.priority != 0 { priority = native.priority }
    correlationID = identifier(Presence.correlationID, native.correlation_id)
    replyTo = text(Presence.replyTo, native.reply_to)
    expiration = text(Presence.expiration, native.expiration)
    messageID = identifier(Presence.messageID, native.message_id)
    if native._flags & Presence.timestamp != 0 { timestamp = native.timestamp }
    type = text(Presence.type, native.type)
    userID = text(Presence.userID, native.user_id)
    appID = text(Presence.appID, native.app_id)
  }

  /// Valid until the arena is recycled.
  func native(in arena: NativeArena) -> amqp_basic_properties_t {
    var native = amqp_basic_properties_t()
    func set(_ value: ShortString?, _ bit: UInt32, _ path: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>) {
      guard let value else { return }
      native._flags |= bit
      native[keyPath: path] = arena.bytes(value.bytes)
    }
    func set(_ text: String?, _ bit: UInt32, _ path: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>) {
      set(text.map { ShortString($0) }, bit, path)
    }
    set(contentType, Presence.contentType, \.content_type)
    set(contentEncoding, Presence.contentEncoding, \.content_encoding)
    set(correlationID, Presence.correlationID, \.correlation_id)
    set(replyTo, Presence.replyTo, \.reply_to)
    set(expiration, Presence.expiration, \.expiration)
    set(messageID, Presence.messageID, \.message_id)
    set(type, Presence.type, \.type)
    set(userID, Presence.userID, \.user_id)
    set(appID, Presence.appID, \.app_id)
    if !headers.isEmpty {
      native._flags |= Presence.headers
      native.headers = arena.table(headers)
    }
    native._flags |= Presence.deliveryMode
    native.delivery_mode = isPersistent ? 2 : 1
    if let priority {
      native._flags |= Presence.priority
      native.priority = priority
    }
    if let timestamp {
      native._flags |= Presence.timestamp
      native.timestamp = timestamp
    }
    return native
  }
}
