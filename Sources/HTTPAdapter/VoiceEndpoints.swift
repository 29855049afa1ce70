import Foundation
import Hummingbird
import SpeechCore

/// `/api/v1/tts/voices` and `/api/v1/tts/config`.
struct VoiceEndpoints {
  let ports: HTTPPorts
  let body: BodyReader

  var all: [Endpoint] { [register, list, delete, configuration] }

  private var register: Endpoint {
    let (requests, budgets) = (ports.requests, ports.budgets)
    let body = RecordedBody(action: .registerVoice, body: body, requests: requests) { data throws(SpeechError) in
      try VoiceRegistration.decode(data)
    } admit: { registration, _ throws(SpeechError) in
      try budgets.admit(registration)
      return (nil, nil)
    }
    return Endpoint(
      method: .post, path: "/api/v1/tts/voices", operationID: "registerVoice",
      summary: "Registers a voice from reference audio.", body: RequestSchemas.registration,
      answers: [201: .json("The voice.", MessageSchemas.reference("RegisteredVoice"))], errors: [400, 409, 429, 503],
      acceptsIdempotencyKey: true
    ) { request, context in
      let whole = try await body.read(request, context)
      let (registration, speech) = (whole.message, whole.speech)
      let voice = try await context.cancelledOnDisconnect {
        try await requests.registerVoice(registration, context: speech)
      }
      return .json(voice, status: .created, headers: .requestID(speech.requestID)).holding(whole.memory)
    }
  }

  private var list: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .get, path: "/api/v1/tts/voices", operationID: "listVoices", summary: "All voices a request may name.",
      answers: [200: .json("The voices.", MessageSchemas.reference("VoiceList"))], errors: [503]
    ) { _, _ in .json(["voices": try await requests.voices()]) }
  }

  private var delete: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .delete, path: "/api/v1/tts/voices/{voice_id}", operationID: "deleteVoice",
      summary: "Deletes a registered voice.",
      parameters: [
        .init(
          name: "voice_id", location: "path", description: "As registration gave it.", schema: MessageSchemas.string)
      ],
      answers: [204: Endpoint.Answer(description: "Deleted.", content: [:])], errors: [404, 409, 422, 503],
      acceptsIdempotencyKey: true
    ) { request, context in
      let id = context.pathParameter("voice_id")
      let speech = try request.speechContext()
      do throws(SpeechError) {
        try await requests.deleteVoice(id: id, context: speech)
      } catch {
        // The id is well-formed; it is the voice that can't go.
        return ErrorAnswer(error, status: error.code == .invalidRequest ? .conflict : nil).response
      }
      return Response(status: .noContent)
    }
  }

  private var configuration: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .get, path: "/api/v1/tts/config", operationID: "configuration",
      summary: "The model, its languages and voices.",
      answers: [200: .json("The configuration.", MessageSchemas.reference("Configuration"))], errors: [503]
    ) { _, _ in .json(try await requests.configuration()) }
  }
}
