import Foundation
import Hummingbird
import SpeechCore

/// The way of all endpoints that speak: from a request to its audio.
extension HTTPPorts {
  /// Reads requests whose message is a synthesis request.
  func spoken(
    _ body: BodyReader, decode: @escaping @Sendable (Data) throws(SpeechError) -> SynthesisRequest
  ) -> RecordedBody<SynthesisRequest> {
    RecordedBody(
      action: .synthesize, body: body, requests: requests, decode: decode,
      admit: { request, context throws(SpeechError) in try await admit(request, context) })
  }

  /// The reply with whole audio.
  func reply<Message>(
    to synthesis: SynthesisRequest, _ whole: RecordedBody<Message>.Whole, _ context: ServerContext
  ) async throws -> SynthesisReply {
    try await context.cancelledOnDisconnect { [requests] in
      defer { whole.slot?.release() }
      return try await requests.synthesize(synthesis, context: whole.speech, onAudio: nil)
    }
  }

  /// The answer with bare audio or with events: as the audio is made if the request is a stream, else whole.
  func audio<Message>(
    of synthesis: SynthesisRequest, _ whole: RecordedBody<Message>.Whole, _ context: ServerContext,
    asEvents: Bool = false
  ) async throws -> Response {
    if synthesis.stream {
      return try await AudioStream(requests: requests, slot: whole.slot)
        .response(synthesis, whole.speech, context, asEvents: asEvents).holding(whole.memory)
    }
    return try await answer(reply(to: synthesis, whole, context), asEvents: asEvents).holding(whole.memory)
  }

  /// Audio too large for a JSON reply was stored; here it goes out all the same.
  private func answer(_ reply: SynthesisReply, asEvents: Bool) async throws -> Response {
    var audio = reply.audio
    if audio == nil, let clip = try await clips?.clip(requestID: reply.requestID) {
      audio = FileManager.default.contents(atPath: clip.path)
    }
    guard let audio else { throw SpeechError(.internal, "the audio is missing") }
    var headers = HTTPFields.requestID(reply.requestID, warnings: reply.warnings)
    headers[.contentDisposition] = asEvents ? nil : reply.format.disposition()
    guard asEvents else { return .bytes(audio, mediaType: reply.format.mediaType, headers: headers) }
    var events = ServerSentEvent.delta(audio)
    var end = ServerSentEvent.end(.success(reply))
    events.writeBuffer(&end)
    return .bytes(Data(buffer: events), mediaType: "text/event-stream", headers: headers)
  }
}

extension SpeechError {
  /// The error with the field as the client's own API names it.
  func renaming(_ names: [String: String]) -> SpeechError {
    var error = self
    error.field = field.map { names[$0] ?? $0 }
    return error
  }
}
