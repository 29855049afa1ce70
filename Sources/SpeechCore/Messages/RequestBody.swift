import Foundation

/// A message that clients send.
public protocol RequestMessage: Sendable {
  /// Reads and checks the members of a JSON object.
  /// - Throws: an error that names the member.
  init(_ fields: StrictFields<SpeechError>) throws(SpeechError)
}

/// A request body, decoded: the message or its error, and the envelope that the answer needs.
public struct RequestBody<Message: RequestMessage>: Sendable {
  /// The message, or why it is refused.
  public let message: Result<Message, SpeechError>
  /// NestJS's envelope, if the body had one.
  public let envelope: NestEnvelope?

  public init(_ body: Data) {
    var envelope: NestEnvelope?
    do throws(SpeechError) {
      message = .success(try Message(try Self.fields(of: body, &envelope)))
    } catch {
      message = .failure(error)
    }
    self.envelope = envelope
  }

  /// The fields of a message, without the envelope of a framework.
  private static func fields(
    of body: Data, _ envelope: inout NestEnvelope?
  ) throws(SpeechError) -> StrictFields<SpeechError> {
    let fields = try StrictFields(body: body)
    func has(_ names: String...) -> Bool { names.allSatisfy { fields.has($0) } }
    if has("pattern", "data") {
      envelope = NestEnvelope(id: (try? fields.userID("id")) ?? nil)
      return try fields.required("data", fields.unwrapped("data"))
    }
    if has("messageType", "message") { throw Self.unopened("MassTransit", "raw JSON") }
    if has("specversion", "type") { throw Self.unopened("CloudEvents", "the data alone") }
    return fields
  }

  private static func unopened(_ framework: String, _ remedy: String) -> SpeechError {
    SpeechError(
      .invalidRequest, "this is an envelope of \(framework), which is not opened: send \(remedy) as the message")
  }
}

/// The packet of NestJS's microservices, `{"pattern": …, "data": {…}, "id": "…"}`: the request's fields are in `data`, and
/// the answer is such a packet too.
public struct NestEnvelope: Sendable, Equatable {
  /// Nil for an event, which needs no answer.
  public let id: String?

  /// The answer's packet.
  /// - Parameters:
  ///   - isError: for an error object.
  ///   - isLast: false for the pieces of a stream.
  public func packet(_ value: some Encodable, isError: Bool = false, isLast: Bool = true) -> some Encodable {
    NestPacket(isError: isError, value: value, isLast: isLast, id: id)
  }
}

private struct NestPacket<Value: Encodable>: Encodable {
  var isError: Bool
  var value: Value
  var isLast: Bool
  var id: String?

  private enum CodingKeys: String, CodingKey {
    case response, err, isDisposed, id
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: isError ? .err : .response)
    try container.encode(isLast, forKey: .isDisposed)
    try container.encodeIfPresent(id, forKey: .id)
  }
}

/// The error of a body that is not a message.
enum InvalidJSON {
  static func error(_ error: any Error, _ body: Data) -> SpeechError {
    if let error = error as? SpeechError { return error }
    let start = body.first { !" \t\r\n".utf8.contains($0) }
    if start == nil { return SpeechError(.invalidJSON, "the message is empty; it must be a JSON object") }
    if case DecodingError.typeMismatch(_, let context) = error, context.codingPath.isEmpty {
      let hint = start == UInt8(ascii: "[") ? "; Celery's lists are not opened: send the fields alone" : ""
      return SpeechError(.invalidRequest, "the message must be a JSON object\(hint)")
    }
    let problem = body.withUnsafeBytes { bytes -> String? in
      do throws(JSONError) { _ = try JSONValue(parsing: bytes) } catch { return error.message }
      return nil
    }
    return SpeechError(.invalidJSON, "the message is \(problem ?? "not JSON that this service reads")")
  }

  static func firstInvalidByte(of body: Data) -> Int {
    var (parser, bytes, count) = (Unicode.UTF8.ForwardParser(), body.makeIterator(), 0)
    while case .valid(let scalar) = parser.parseScalar(from: &bytes) { count += scalar.count }
    return count
  }
}
