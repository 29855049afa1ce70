import CRabbitMQ
import Foundation

/// Requests speech over RabbitMQ: `say "Hello from Swift." out.wav`.
@main struct Say {
  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("say: \(error)\n".utf8))
      exit(EXIT_FAILURE)
    }
  }

  private static func run() throws {
    let arguments = CommandLine.arguments.dropFirst() + []
    let text = arguments.first ?? "Hello from Swift."
    let path = arguments.dropFirst().first ?? "out.wav"
    let url = ProcessInfo.processInfo.environment["SPEECHBUS_AMQP_URL"] ?? "amqp://guest:guest@127.0.0.1:5672/"
    let speech = try Bus(url).synthesize(Request(text: text))
    try speech.audio.write(to: URL(fileURLWithPath: path))
    print("\(path): \(speech.durationSeconds) s")
  }
}

/// The fields of schemas/synthesis-request.schema.json that this example sets.
struct Request: Encodable {
  var text: String
  var format = "wav"
}

/// The fields of schemas/synthesis-reply.schema.json that this example reads.
struct Speech: Decodable {
  var audio: Data
  var durationSeconds: Double

  enum CodingKeys: String, CodingKey {
    case audio = "audio_base64"
    case durationSeconds = "duration_seconds"
  }
}

/// The service's error reply.
struct ErrorReply: Decodable {
  struct Details: Decodable {
    var code: String
    var message: String
  }

  var error: Details
}

struct Failure: Error, CustomStringConvertible {
  var description: String
}

/// A connection to the broker. Its calls block.
final class Bus {
  private let connection = amqp_new_connection()
  private let channel: amqp_channel_t = 1

  init(_ url: String) throws {
    var text = Array(url.utf8CString)
    try text.withUnsafeMutableBufferPointer { text in
      var info = amqp_connection_info()
      guard amqp_parse_url(text.baseAddress, &info) == 0 else { throw Failure(description: "\(url): not an AMQP URL") }
      guard amqp_socket_open(amqp_tcp_socket_new(connection), info.host, info.port) == 0 else {
        throw Failure(description: "\(String(cString: info.host)):\(info.port): no connection")
      }
      // Clients of RabbitMQ read amqp://host/ as the virtual host "/".
      let host = info.vhost.pointee == 0 ? "/" : String(cString: info.vhost)
      try Self.check(say_login(connection, host, info.user, info.password), "login")
    }
    amqp_channel_open(connection, channel)
    try Self.check(amqp_get_rpc_reply(connection), "channel")
  }

  deinit {
    amqp_connection_close(connection, AMQP_REPLY_SUCCESS)
    amqp_destroy_connection(connection)
  }

  /// Speaks a text. It doesn't declare the queue, which the service declares.
  func synthesize(_ request: Request, timeoutSeconds: Int = 120) throws -> Speech {
    // Direct reply-to: replies come without a queue.
    let replyTo = Bytes("amq.rabbitmq.reply-to")
    amqp_basic_consume(connection, channel, replyTo.value, amqp_empty_bytes, 0, 1, 0, amqp_empty_table)
    try Self.check(amqp_get_rpc_reply(connection), "replies")

    let (queue, type) = (Bytes("tts.synthesize"), Bytes("application/json"))
    let (id, body) = (Bytes(UUID().uuidString), Bytes(try JSONEncoder().encode(request)))
    var properties = amqp_basic_properties_t()
    properties._flags = amqp_flags_t(
      AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_CORRELATION_ID_FLAG | AMQP_BASIC_REPLY_TO_FLAG
        | AMQP_BASIC_MESSAGE_ID_FLAG)
    (properties.content_type, properties.reply_to) = (type.value, replyTo.value)
    (properties.correlation_id, properties.message_id) = (id.value, id.value)
    amqp_basic_publish(connection, channel, amqp_empty_bytes, queue.value, 1, 0, &properties, body.value)

    var envelope = amqp_envelope_t()
    var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    // An unroutable request is returned, which is not a delivery.
    try Self.check(amqp_consume_message(connection, &envelope, &timeout, 0), "reply (is the service running?)")
    defer { amqp_destroy_envelope(&envelope) }
    let reply = Data(bytes: envelope.message.body.bytes, count: envelope.message.body.len)
    if let refusal = try? JSONDecoder().decode(ErrorReply.self, from: reply) {
      throw Failure(description: "\(refusal.error.code): \(refusal.error.message)")
    }
    return try JSONDecoder().decode(Speech.self, from: reply)
  }

  private static func check(_ reply: amqp_rpc_reply_t, _ action: String) throws {
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL: return
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
      throw Failure(description: "\(action): \(String(cString: amqp_error_string2(reply.library_error)))")
    default: throw Failure(description: "\(action): refused by the broker")
    }
  }
}

/// Bytes in memory that the library reads.
private final class Bytes {
  let value: amqp_bytes_t

  init(_ data: Data) {
    value = amqp_bytes_malloc(data.count)
    data.copyBytes(to: UnsafeMutableRawBufferPointer(start: value.bytes, count: data.count))
  }

  convenience init(_ text: String) {
    self.init(Data(text.utf8))
  }

  deinit {
    amqp_bytes_free(value)
  }
}
