import Foundation
import Hummingbird
import SpeechCore
import SpeechService

/// Reads the body of a request that writes an audit row, also when it is refused here and never reaches the service.
struct RecordedBody<Message: Sendable>: Sendable {
  /// A request that was read, with the memory that it and its reply hold until the answer is out.
  struct Whole: Sendable {
    var message: Message
    var speech: SpeechCore.RequestContext
    /// Held until the synthesis has ended; nil for requests without speech.
    var slot: Slot?
    var memory: RequestMemory
  }

  let action: AuditRecord.Action
  let body: BodyReader
  let requests: any SpeechRequestHandler
  /// Reads a JSON body; for a GET, the fields of its query as JSON.
  let decode: @Sendable (Data) throws(SpeechError) -> Message
  /// Reads a form; nil takes no forms.
  var form: (@Sendable (UploadedForm) throws(SpeechError) -> Message)?
  /// Takes the slot and the memory of the answer; throws `overloaded` when the request may not wait.
  let admit:
    @Sendable (Message, SpeechCore.RequestContext) async throws(SpeechError) -> (slot: Slot?, reply: ByteReservation?)

  /// - Throws: 415, 413, 408 or 429, or what `decode` throws.
  func read(_ request: Request, _ context: ServerContext) async throws -> Whole {
    do {
      let (bodyMemory, message) = try await message(request, context)
      let speech = try request.speechContext(context)
      let (slot, reply) = try await context.cancelledOnDisconnect { try await admit(message, speech) }
      return Whole(
        message: message, speech: speech, slot: slot, memory: RequestMemory(body: bodyMemory, reply: reply))
    } catch {
      let speech = (try? request.speechContext(context)) ?? SpeechCore.RequestContext(transport: .http)
      try await requests.recordRefusal(ErrorAnswer(describing: error).error, of: action, context: speech)
      throw error
    }
  }
}

extension RecordedBody {
  private func message(_ request: Request, _ context: ServerContext) async throws -> (ByteReservation, Message) {
    guard let form, BodyReader.isForm(request) else {
      let memory = body.budgets.bodies.reservation()
      let json = request.method == .get ? try request.queryJSON() : try await body.json(request, context, memory)
      return (memory, try decode(json))
    }
    let disk = body.uploads.disk.reservation()
    return (disk, try form(try await body.form(request, context, disk)))
  }
}

/// The reservations of one request in the budgets of the service.
struct RequestMemory: Sendable {
  var body: ByteReservation
  var reply: ByteReservation?

  func release() {
    body.release()
    reply?.release()
  }
}

extension Response {
  /// Holds memory until this answer is out, or is dropped.
  func holding(_ memory: RequestMemory) -> Response {
    guard memory.body.bytes + (memory.reply?.bytes ?? 0) > 0 else { return self }
    var response = self
    let body = response.body
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      defer { memory.release() }
      try await body.write(writer)
    }
    return response
  }
}
