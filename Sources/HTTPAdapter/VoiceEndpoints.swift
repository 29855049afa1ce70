import Foundation
import Hummingbird
import SpeechCore

/// `/api/v1/tts/voices` and `/api/v1/tts/config`.
struct VoiceEndpoints {
  let ports: HTTPPorts
  let body: BodyReader

  var all: [Endpoint] { [register, clean, list, delete, configuration] }

  private var register: Endpoint {
    let (requests, budgets) = (ports.requests, ports.budgets)
    let body = Self.registration(body: body, requests: requests, budgets: budgets)
    return Endpoint(
      method: .post, path: "/api/v1/tts/voices", operationID: "registerVoice",
      summary: "Registers a voice from reference audio, sent as JSON or as a form with files.",
      body: RequestSchemas.registration, form: RequestSchemas.registrationForm,
      answers: [201: .json("The voice.", MessageSchemas.reference("RegisteredVoice"))], errors: [400, 409, 429, 503],
      acceptsIdempotencyKey: true
    ) { request, context in
      let whole = try await body.read(request, context)
      let (registration, speech) = (whole.message, whole.speech)
      do throws(any Error) {
        let voice = try await context.cancelledOnDisconnect {
          try await requests.registerVoice(registration, context: speech)
        }
        return .json(voice, status: .created, headers: .requestID(speech.requestID)).holding(whole.memory)
      } catch let error as SpeechError where BodyReader.isForm(request) {
        throw error.naming("file")
      }
    }
  }

  /// Reads a registration: JSON, or a form with files.
  /// - Parameter names: form fields of other APIs, with the service's own.
  static func registration(
    body: BodyReader, requests: any SpeechRequestHandler, budgets: MemoryBudgets, names: [String: String] = [:]
  ) -> RecordedBody<VoiceRegistration> {
    RecordedBody(action: .registerVoice, body: body, requests: requests) { data throws(SpeechError) in
      try VoiceRegistration.decode(data)
    } form: { form throws(SpeechError) in
      let fields = Dictionary(form.fields.map { (names[$0.key] ?? $0.key, $0.value) }) { first, _ in first }
      return try VoiceRegistration.decode(fields: fields, files: form.files)
    } admit: { registration, _ throws(SpeechError) in
      try budgets.admit(registration)
      return (nil, nil)
    }
  }

  private var clean: Endpoint {
    let (body, cleaned) = (body, ports.cleaned)
    return Endpoint(
      method: .post, path: "/api/v1/tts/voices/clean", operationID: "cleanReference",
      summary: "The recording as clean_reference changes it, as a WAV file. Nothing is stored.",
      form: RequestSchemas.cleaningForm,
      answers: [200: Endpoint.Answer(description: "The audio.", content: ["audio/wav": MessageSchemas.binary])],
      errors: [400, 429]
    ) { request, context in
      let disk = body.uploads.disk.reservation()
      defer { disk.release() }
      guard let file = try await body.form(request, context, disk).files.first else {
        throw SpeechError(.invalidRequest, "a file is missing", field: "file")
      }
      let audio = try await context.cancelledOnDisconnect { try await cleaned(file, "file") }
      return .bytes(audio, mediaType: AudioFormat.wav.mediaType)
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
          name: "voice_id", location: "path", description: "As registration gave it.", schema: MessageSchemas.string),
        .init(
          name: "remove_audio", location: "query",
          description: "Whether stored clips and replies in this voice are removed too.",
          schema: ["type": "boolean", "default": false]),
      ],
      answers: [204: Endpoint.Answer(description: "Deleted.", content: [:])], errors: [404, 409, 422, 503],
      acceptsIdempotencyKey: true
    ) { request, context in
      let id = context.pathParameter("voice_id")
      let speech = try request.speechContext(context)
      do throws(SpeechError) {
        let removesAudio = try Self.flag(request, "remove_audio")
        try await requests.deleteVoice(id: id, removesAudio: removesAudio, context: speech)
      } catch {
        // The id is well-formed; it is the voice that can't go.
        let isConflict = error.code == .invalidRequest && error.field == "voice_id"
        return ErrorAnswer(error, status: isConflict ? .conflict : nil).response
      }
      return Response(status: .noContent)
    }
  }

  private static func flag(_ request: Request, _ name: String) throws(SpeechError) -> Bool {
    switch request.uri.queryParameters.get(name) {
    case nil, "false": return false
    case "true": return true
    default: throw SpeechError(.invalidRequest, "\(name) must be true or false", field: name)
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

extension SpeechError {
  /// The error of a form, whose recordings are files.
  func naming(_ file: String) -> SpeechError {
    var error = self
    if error.field == "speaker_wav_base64" || error.field == "file" { error.field = file }
    return error
  }
}
