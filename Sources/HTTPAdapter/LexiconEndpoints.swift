import Hummingbird
import SpeechCore

/// `/api/v1/tts/lexicons`.
struct LexiconEndpoints {
  let ports: HTTPPorts
  let body: BodyReader

  var all: [Endpoint] { [list, show, put, delete] }

  private static let path = "/api/v1/tts/lexicons/{lexicon_id}"
  private static let id = Endpoint.Parameter(
    name: "lexicon_id", location: "path", description: "1 to 64 letters, digits, -, _ or .",
    schema: MessageSchemas.string)

  private var list: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .get, path: "/api/v1/tts/lexicons", operationID: "listLexicons", summary: "All pronunciation lexicons.",
      answers: [200: .json("The lexicons.", MessageSchemas.reference("LexiconList"))], errors: [503]
    ) { _, _ in .json(["lexicons": try await requests.lexicons()]) }
  }

  private var show: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .get, path: Self.path, operationID: "showLexicon", summary: "One pronunciation lexicon.",
      parameters: [Self.id], answers: [200: .json("The lexicon.", MessageSchemas.reference("Lexicon"))],
      errors: [404, 503]
    ) { _, context in .json(try await requests.lexicon(id: context.pathParameter("lexicon_id"))) }
  }

  private var put: Endpoint {
    let requests = ports.requests
    let body = RecordedBody(action: .putLexicon, body: body, requests: requests) { data throws(SpeechError) in
      try LexiconDraft.decode(data)
    } admit: { _, _ throws(SpeechError) in
      (nil, nil)
    }
    let answer = MessageSchemas.reference("Lexicon")
    return Endpoint(
      method: .put, path: Self.path, operationID: "putLexicon",
      summary: "Stores a pronunciation lexicon; each change has a new version.", parameters: [Self.id],
      body: RequestSchemas.lexicon, answers: [200: .json("Changed.", answer), 201: .json("Created.", answer)],
      errors: [400, 409, 429, 503], acceptsIdempotencyKey: true
    ) { request, context in
      let whole = try await body.read(request, context)
      let lexicon = try whole.message.lexicon(id: context.pathParameter("lexicon_id"))
      let (stored, isNew) = try await requests.putLexicon(lexicon, context: whole.speech)
      return .json(stored, status: isNew ? .created : .ok, headers: .requestID(whole.speech.requestID))
        .holding(whole.memory)
    }
  }

  private var delete: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .delete, path: Self.path, operationID: "deleteLexicon", summary: "Deletes a pronunciation lexicon.",
      parameters: [Self.id], answers: [204: Endpoint.Answer(description: "Deleted.", content: [:])],
      errors: [404, 422, 503], acceptsIdempotencyKey: true
    ) { request, context in
      try await requests.deleteLexicon(
        id: context.pathParameter("lexicon_id"), context: try request.speechContext(context))
      return Response(status: .noContent)
    }
  }
}
