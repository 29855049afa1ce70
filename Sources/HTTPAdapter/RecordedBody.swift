import Foundation
import Hummingbird
import SpeechCore

/// Reads the body of a request that is kept on record, also when it is refused here and never reaches the service.
struct RecordedBody<Message: Sendable>: Sendable {
  let action: AuditRecord.Action
  let body: BodyReader
  let requests: any SpeechRequestHandler
  let decode: @Sendable (Data) throws(SpeechError) -> Message

  /// - Throws: 415, 413 or 408, or what `decode` throws.
  func read(
    _ request: Request, _ context: ServerContext
  ) async throws -> (message: Message, speech: SpeechCore.RequestContext) {
    do {
      let message = try decode(try await body.json(request, context))
      return (message, try request.speechContext())
    } catch {
      let speech = (try? request.speechContext()) ?? SpeechCore.RequestContext(transport: .http)
      try await requests.recordRefusal(ErrorAnswer(describing: error).error, of: action, context: speech)
      throw error
    }
  }
}
