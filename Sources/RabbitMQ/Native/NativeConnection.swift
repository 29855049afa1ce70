import CRabbitMQ
import Foundation

/// The librabbitmq handle. Used by one thread only; every call may block up to the configured timeouts.
struct NativeConnection: ~Copyable {
  private let handle: amqp_connection_state_t
  private let arena = NativeArena()
  private let onlyReceives: Bool

  deinit { amqp_destroy_connection(handle) }

  private init(handle: amqp_connection_state_t, onlyReceives: Bool) {
    self.handle = handle
    self.onlyReceives = onlyReceives
  }

  /// Connects and logs in.
  /// - Throws: `connectFailed`, `accessRefused` or `invalidConfiguration`.
  static func open(
    _ configuration: ConnectionConfiguration, endpoint: BrokerEndpoint
  ) throws(RabbitMQError) -> NativeConnection {
    guard let handle = amqp_new_connection() else {
      throw RabbitMQError(.connectFailed, "no memory for a connection")
    }
    let connection = NativeConnection(handle: handle, onlyReceives: configuration.onlyReceives)
    try openSocket(handle, configuration, endpoint: endpoint)
    try connection.logIn(configuration, endpoint: endpoint)
    return connection
  }

  private func logIn(_ configuration: ConnectionConfiguration, endpoint: BrokerEndpoint) throws(RabbitMQError) {
    var timeout = timeval(tv_sec: configuration.connectTimeoutSeconds, tv_usec: 0)
    amqp_set_handshake_timeout(handle, &timeout)
    var properties = arena.table([
      "product": "speechbus", "connection_name": .string(configuration.connectionName),
      "capabilities": .table([
        "connection.blocked": true, "consumer_cancel_notify": true, "publisher_confirms": true, "basic.nack": true,
      ]),
    ])
    let reply = rabbitmq_login(
      handle, configuration.virtualHost, 0, 131_072, Int32(clamping: configuration.heartbeatSeconds), &properties,
      configuration.user, configuration.password.reveal())
    arena.recycle()
    try Self.check(login: reply, endpoint: endpoint, configuration)
    if onlyReceives { try raiseFrameLimit() }
  }

  /// Raises the size of the frames that are read. The broker's side keeps the negotiated size.
  private func raiseFrameLimit() throws(RabbitMQError) {
    try Self.check(
      amqp_tune_connection(
        handle, amqp_get_channel_max(handle), Self.receivedFrameLimit, amqp_get_heartbeat(handle)))
  }

  /// The largest headers that a client can send fill one frame of 131,072 bytes. When the message dies, the broker adds
  /// the names of queues, exchange and routing key, of up to 255 bytes each.
  private static let receivedFrameLimit: Int32 = 2 * 131_072

  private static func openSocket(
    _ handle: amqp_connection_state_t, _ configuration: ConnectionConfiguration, endpoint: BrokerEndpoint
  ) throws(RabbitMQError) {
    let socket: OpaquePointer?
    if let tls = configuration.tls {
      socket = amqp_ssl_socket_new(handle)
      if let socket { try apply(tls, to: socket) }
    } else {
      socket = amqp_tcp_socket_new(handle)
    }
    guard let socket else { throw RabbitMQError(.connectFailed, "no memory for a socket") }
    var timeout = timeval(tv_sec: configuration.connectTimeoutSeconds, tv_usec: 0)
    let status = amqp_socket_open_noblock(socket, endpoint.host, Int32(clamping: endpoint.port), &timeout)
    guard status == 0 else {
      throw RabbitMQError(
        .connectFailed, "no connection to \(endpoint) (\(describe(status))): check host and port, and that it runs")
    }
  }

  private static func apply(_ tls: ConnectionConfiguration.TLS, to socket: OpaquePointer) throws(RabbitMQError) {
    amqp_ssl_socket_set_verify_peer(socket, tls.verifiesPeer ? 1 : 0)
    amqp_ssl_socket_set_verify_hostname(socket, tls.verifiesPeer ? 1 : 0)
    if let file = tls.certificateAuthorityFile, amqp_ssl_socket_set_cacert(socket, file) != 0 {
      throw RabbitMQError(.invalidConfiguration, "cacertfile \(file) can't be read as PEM certificates")
    }
    if let certificate = tls.certificateFile, let key = tls.keyFile,
      amqp_ssl_socket_set_key(socket, certificate, key) != 0
    {
      throw RabbitMQError(.invalidConfiguration, "certfile \(certificate) and keyfile \(key) are not a PEM pair")
    }
  }

  private static func check(
    login reply: amqp_rpc_reply_t, endpoint: BrokerEndpoint, _ configuration: ConnectionConfiguration
  ) throws(RabbitMQError) {
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL: return
    case AMQP_RESPONSE_SERVER_EXCEPTION:
      var code: UInt16?
      var text = "the broker closed the connection"
      if reply.reply.id == IncomingMethodID.connectionClose, let decoded = reply.reply.decoded {
        let close = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
        code = close.reply_code
        text = String(lossy: close.reply_text)
      }
      throw RabbitMQError(
        .accessRefused,
        "\(endpoint) refused the user \(configuration.user) or the virtual host \(configuration.virtualHost): \(text)",
        replyCode: code)
    default:
      let status = reply.library_error
      // A broker without the authentication_failure_close capability closes the socket on a wrong password or host.
      throw RabbitMQError(.connectFailed, "\(endpoint) ended the login of \(configuration.user): \(describe(status))")
    }
  }

  static func describe(_ status: Int32) -> String {
    amqp_error_string2(status).map { String(cString: $0) } ?? "status \(status)"
  }

  var socketDescriptor: Int32 { amqp_get_sockfd(handle) }

  var broker: BrokerVersion {
    BrokerVersion(amqp_get_server_properties(handle).map { FieldTable($0.pointee) } ?? [:])
  }

  /// The next frame with its channel; nil when none has arrived. Also sends heartbeats that are due.
  /// - Throws: `connectionLost`.
  func nextFrame() throws(RabbitMQError) -> (channel: UInt16, frame: IncomingFrame)? {
    var frame = amqp_frame_t()
    var immediately = timeval(tv_sec: 0, tv_usec: 0)
    let status = amqp_simple_wait_frame_noblock(handle, &frame, &immediately)
    if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
    try Self.check(status)
    guard frame.frame_type != 0 else { return nil }
    let incoming = IncomingFrame(&frame)
    amqp_maybe_release_buffers_on_channel(handle, frame.channel)
    return (frame.channel, incoming)
  }

  /// The bytes of a frame other than the properties: type, channel, length and end mark (8), and in a content header
  /// class, weight and body size (12).
  private static let headerFrameOverhead = 8 + 12

  /// Checks the properties before a publish begins. A message whose method frame was sent, but whose properties cannot
  /// be encoded, would leave the connection in the middle of a message.
  /// - Returns: `unencodable` for properties that don't fit in one frame, `invalidConfiguration` on a connection that
  ///   only receives, else nil.
  func encodingError(of properties: MessageProperties) -> RabbitMQError? {
    guard !onlyReceives else {
      return RabbitMQError(.invalidConfiguration, "the connection only receives")
    }
    let (size, limit) = (properties.encodedByteCount, Int(amqp_get_frame_max(handle)) - Self.headerFrameOverhead)
    guard size > limit else { return nil }
    return RabbitMQError(.unencodable, "the message's properties have \(size) bytes; a frame holds \(limit)")
  }

  /// - Precondition: ``encodingError(of:)`` returned nil.
  /// - Throws: `connectionLost`.
  func publish(
    _ message: Message, exchange: String, routingKey: String, mandatory: Bool, channel: UInt16
  ) throws(RabbitMQError) {
    defer { arena.recycle() }
    var properties = message.properties.native(in: arena)
    let (exchange, routingKey) = (arena.bytes(exchange.utf8Prefix(255)), arena.bytes(routingKey.utf8Prefix(255)))
    let status = message.body.withUnsafeBytes { body in
      // The cast is safe, because the library only reads the body.
      let bytes = amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
      return amqp_basic_publish(handle, channel, exchange, routingKey, mandatory ? 1 : 0, 0, &properties, bytes)
    }
    try Self.check(status)
  }

  /// - Throws: `connectionLost`, or `unencodable` for arguments that don't fit in a frame.
  func send(_ method: OutgoingMethod, channel: UInt16) throws(RabbitMQError) {
    defer { arena.recycle() }
    let status = method.send(on: handle, channel: channel, arena: arena)
    // The library encodes a whole method before it sends any byte, so the connection is still usable.
    guard status != AMQP_STATUS_TABLE_TOO_BIG.rawValue, status != AMQP_STATUS_BAD_AMQP_DATA.rawValue else {
      throw RabbitMQError(.unencodable, Self.describe(status))
    }
    try Self.check(status)
  }

  /// Closes the connection with a close handshake of at most `timeoutSeconds`. Afterwards the handle can only be
  /// destroyed.
  func close(timeoutSeconds: Int) {
    var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    amqp_set_rpc_timeout(handle, &timeout)
    _ = amqp_connection_close(handle, AMQP_REPLY_SUCCESS)
  }

  private static func check(_ status: Int32) throws(RabbitMQError) {
    guard status == 0 else { throw RabbitMQError(.connectionLost, describe(status)) }
  }
}
