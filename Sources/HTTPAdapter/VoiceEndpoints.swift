import Foundation
import Hummingbird
import SpeechCore

/// `/api/v1/tts/voices` and `/api/v1/tts/config`.
struct VoiceEndpoints {
  let ports: HTTPPorts
  let body: BodyReader

  var all: [Endpoint] { [register, change, export, clean, list, delete, configuration] }

  private var register: Endpoint {
    Endpoint(
      method: .post, path: "/api/v1/tts/voices", operationID: "registerVoice",
      summary: "Registers a voice from reference audio or latents, sent as JSON or as a form with files.",
      body: RequestSchemas.registration, form: RequestSchemas.registrationForm,
      answers: [201: .json("The voice.", MessageSchemas.reference("RegisteredVoice"))],
      errors: [400, 404, 409, 429, 503],
      acceptsIdempotencyKey: true,
      answer: Self.registration(body: body, ports: ports, file: "file", name: "display_name") { voice, speech in
        .json(voice, status: .created, headers: .requestID(speech.requestID))
      })
  }

  /// Registers the voice of a request, which is JSON or a form with files.
  /// - Parameters:
  ///   - file: the form field of files; errors of a form name it.
  ///   - name: the form field of the voice's name.
  static func registration(
    body: BodyReader, ports: HTTPPorts, file: String, name: String,
    answer: @escaping @Sendable (VoiceSummary, SpeechCore.RequestContext) throws -> Response
  ) -> @Sendable (Request, ServerContext) async throws -> Response {
    let (requests, budgets) = (ports.requests, ports.budgets)
    let body = RecordedBody(action: .registerVoice, body: body, requests: requests) { data throws(SpeechError) in
      try VoiceRegistration.decode(data)
    } form: { form throws(SpeechError) in
      var fields = form.fields
      if let value = fields.removeValue(forKey: name) { fields["display_name"] = value }
      return try VoiceRegistration.decode(fields: fields, files: form.files)
    } admit: { registration, _ throws(SpeechError) in
      try budgets.admit(registration)
      return (nil, nil)
    }
    return { request, context in
      do throws(any Error) {
        let whole = try await body.read(request, context)
        let (registration, speech) = (whole.message, whole.speech)
        let voice = try await context.cancelledOnDisconnect {
          try await requests.registerVoice(registration, context: speech)
        }
        return try answer(voice, speech).holding(whole.memory)
      } catch var error as SpeechError where BodyReader.isForm(request) {
        let names = ["speaker_wav_base64": file, "latents_base64": file, "file": file, "display_name": name]
        error.field = error.field.map { names[$0] ?? $0 }
        throw error
      }
    }
  }

  private static let voiceID = Endpoint.Parameter(
    name: "voice_id", location: "path", description: "As registration gave it.", schema: MessageSchemas.string)

  private var change: Endpoint {
    let requests = ports.requests
    let body = RecordedBody(action: .registerVoice, body: body, requests: requests) { data throws(SpeechError) in
      try CloningSettings.decode(data)
    } admit: { _, _ throws(SpeechError) in
      (nil, nil)
    }
    return Endpoint(
      method: .put, path: "/api/v1/tts/voices/{voice_id}/settings", operationID: "changeVoice",
      summary:
        "Replaces the cloning settings of a voice, whose latents are computed again; absent ones are the model's.",
      parameters: [Self.voiceID], body: RequestSchemas.cloningSettings,
      answers: [200: .json("The voice.", MessageSchemas.reference("RegisteredVoice"))],
      errors: [400, 404, 409, 429, 503],
      acceptsIdempotencyKey: true
    ) { request, context in
      let whole = try await body.read(request, context)
      var change = VoiceRegistration(samples: [])
      (change.changedVoiceID, change.settings) = (context.pathParameter("voice_id"), whole.message)
      let voice = try await requests.registerVoice(change, context: whole.speech)
      return .json(voice, headers: .requestID(whole.speech.requestID)).holding(whole.memory)
    }
  }

  private var export: Endpoint {
    let requests = ports.requests
    let formats: JSONValue = .array(LatentsFormat.allCases.map { .string($0.rawValue) })
    return Endpoint(
      method: .get, path: Endpoint.latentsPath, operationID: "exportVoice",
      summary: "The latents of a voice as a file, which another installation can register.",
      parameters: [
        Self.voiceID,
        .init(
          name: "format", location: "query", description: "The format of the file.",
          schema: ["type": "string", "enum": formats, "default": "json"]),
      ],
      answers: [
        200: Endpoint.Answer(
          description: "The file.",
          content: [
            LatentsFormat.json.mediaType: ["type": "object"],
            LatentsFormat.safetensors.mediaType: MessageSchemas.binary,
          ])
      ], errors: [404, 422, 503]
    ) { request, context in
      let format = request.uri.queryParameters.get("format").map { LatentsFormat(rawValue: $0) } ?? .json
      guard let format else {
        throw SpeechError(.invalidRequest, "format must be json or safetensors", field: "format")
      }
      let speech = try request.speechContext(context)
      let exported = try await requests.exportVoice(
        context.pathParameter("voice_id"), format: format, context: speech)
      var headers = HTTPFields.requestID(speech.requestID)
      headers[.contentDisposition] = "attachment; filename=\"voice.\(format.rawValue)\""
      return .bytes(exported.file, mediaType: format.mediaType, headers: headers)
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
        Self.voiceID,
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
