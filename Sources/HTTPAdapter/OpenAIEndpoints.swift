import Foundation
import Hummingbird
import SpeechCore

/// The endpoints that clients of OpenAI's speech API call.
struct OpenAIEndpoints {
  let ports: HTTPPorts
  let body: BodyReader
  let maximumText: Int

  var all: [Endpoint] {
    [
      speech, models, model(path: "/v1/models/{model}"), model(path: "/v1/models/{model}/{name}"), audioModels, voices,
      register,
    ]
  }

  private var speech: Endpoint {
    let (ports, requests) = (ports, ports.requests)
    let body = RecordedBody(action: .synthesize, body: body, requests: requests) { data throws(SpeechError) in
      try OpenAISpeechRequest.decode(data)
    } admit: { message, context throws(SpeechError) in
      try await ports.admit(message.synthesis, context)
    }
    let content = MessageSchemas.audio.merging(["text/event-stream": MessageSchemas.event]) { $1 }
    return Endpoint(
      method: .post, path: "/v1/audio/speech", operationID: "createSpeech",
      summary: "Speaks a text; the audio comes as it is made, unless its loudness is set.",
      body: RequestSchemas.openAISpeech(maximumText: maximumText),
      answers: [200: Endpoint.Answer(description: "The speech.", content: content)],
      errors: [404, 409, 429, 503, 504], acceptsIdempotencyKey: true
    ) { request, context in
      let whole = try await body.read(request, context)
      let message = whole.message
      do throws(any Error) {
        return try await ports.audio(of: message.synthesis, whole, context, asEvents: message.isEventStream)
      } catch let error as SpeechError {
        throw error.renaming(["text": "input", "speaker_id": "voice", "format": "response_format"])
      }
    }
  }

  private struct ModelList: Encodable {
    struct Model: Encodable {
      var id: String
      var object = "model"
      var created = 0
      var ownedBy = "speechbus"

      enum CodingKeys: String, CodingKey {
        case id, object, created
        case ownedBy = "owned_by"
      }
    }

    var object = "list"
    var data: [Model]
  }

  private static let modelSchema = MessageSchemas.object([
    "id": MessageSchemas.string, "object": MessageSchemas.string, "created": MessageSchemas.count,
    "owned_by": MessageSchemas.string,
  ])

  private var models: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .get, path: "/v1/models", operationID: "listModels", summary: "The model, as a list.",
      answers: [
        200: .json(
          "The models.",
          MessageSchemas.object(["object": MessageSchemas.string, "data": MessageSchemas.list(Self.modelSchema)]))
      ], errors: [503]
    ) { _, _ in .json(ModelList(data: [.init(id: try await requests.configuration().modelRepo)])) }
  }

  /// - Parameter path: repository names have a slash, which some clients send as it is.
  private func model(path: String) -> Endpoint {
    let requests = ports.requests
    let names = path.contains("{name}") ? ["model", "name"] : ["model"]
    return Endpoint(
      method: .get, path: path, operationID: names.count == 1 ? "model" : "ownedModel",
      summary: "The model, by its id.",
      parameters: names.map {
        .init(name: $0, location: "path", description: "As the list has it.", schema: MessageSchemas.string)
      },
      answers: [200: .json("The model.", Self.modelSchema)], errors: [404, 503]
    ) { _, context in
      let (id, served) = (
        names.map(context.pathParameter).joined(separator: "/"), try await requests.configuration().modelRepo
      )
      guard id == served else {
        throw HTTPError(.notFound, message: "there is no model of that id; \(served) is served")
      }
      return .json(ModelList.Model(id: served))
    }
  }

  private struct AudioModels: Encodable {
    struct Model: Encodable {
      var id: String
    }

    var models: [Model]
  }

  private var audioModels: Endpoint {
    let requests = ports.requests
    let list = MessageSchemas.list(MessageSchemas.object(["id": MessageSchemas.string]))
    return Endpoint(
      method: .get, path: "/v1/audio/models", operationID: "listSpeechModels", summary: "The model, as a list.",
      answers: [200: .json("The models.", MessageSchemas.object(["models": list]))], errors: [503]
    ) { _, _ in .json(AudioModels(models: [.init(id: try await requests.configuration().modelRepo)])) }
  }

  private struct CreatedVoice: Encodable {
    var object = "audio.voice"
    var id: String
    var name: String
    var createdAt: Int
    var warnings: [String]?

    enum CodingKeys: String, CodingKey {
      case object, id, name, warnings
      case createdAt = "created_at"
    }
  }

  private var register: Endpoint {
    let voice = MessageSchemas.object(
      [
        "object": MessageSchemas.string, "id": MessageSchemas.string, "name": MessageSchemas.string,
        "created_at": MessageSchemas.count,
      ], optional: ["warnings": MessageSchemas.list(MessageSchemas.string)])
    return Endpoint(
      method: .post, path: "/v1/audio/voices", operationID: "createVoice",
      summary: "Registers a voice from files, as OpenAI's API does.", form: RequestSchemas.openAIVoiceForm,
      answers: [200: .json("The voice.", voice)], errors: [400, 409, 429, 503], acceptsIdempotencyKey: true,
      answer: VoiceEndpoints.registration(body: body, ports: ports, file: "audio_sample", name: "name") {
        voice, speech in
        let created = CreatedVoice(
          id: voice.voiceID, name: voice.displayName, createdAt: Int(speech.receivedAt.timeIntervalSince1970),
          warnings: voice.warnings)
        return .json(created, headers: .requestID(speech.requestID))
      })
  }

  private struct Voice: Encodable {
    var id: String
    var name: String
    var language: Language
  }

  private var voices: Endpoint {
    let requests = ports.requests
    let voice = MessageSchemas.object([
      "id": MessageSchemas.string, "name": MessageSchemas.string, "language": MessageSchemas.languageID,
    ])
    return Endpoint(
      method: .get, path: "/v1/audio/voices", operationID: "listSpeechVoices",
      summary: "All voices a request may name.",
      answers: [200: .json("The voices.", MessageSchemas.object(["voices": MessageSchemas.list(voice)]))],
      errors: [503]
    ) { _, _ in
      let voices = try await requests.voices()
      return .json(["voices": voices.map { Voice(id: $0.voiceID, name: $0.displayName, language: $0.language) }])
    }
  }
}
