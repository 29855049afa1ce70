import Hummingbird
import SpeechCore

/// The endpoints of xtts-api-server that its clients, such as SillyTavern, call to speak.
struct XTTSServerEndpoints {
  static let wholePath = "/tts_to_audio"
  /// Synthesis by GET. A page of another origin can request it as the source of an audio element, without an `Origin`.
  static let streamPath = "/tts_stream"
  static let paths: Set = [wholePath, streamPath, "/speakers", "/speakers_list", "/languages"]

  let ports: HTTPPorts
  let body: BodyReader
  let maximumText: Int

  var all: [Endpoint] { [whole, stream, speakers, speakerList, languages] }

  private var whole: Endpoint {
    var endpoint = speech(
      .post, Self.wholePath, "ttsToAudio", "Speaks a text; the answer is a whole WAV file.", stream: false)
    let fields = RequestSchemas.xttsServerFields(maximumText: maximumText)
    let optional = fields.dropFirst().map { ($0.name, $0.schema.merging(["type": ["string", "null"]])) }
    endpoint.body = MessageSchemas.object(
      [fields[0].name: fields[0].schema], optional: Dictionary(uniqueKeysWithValues: optional))
    return endpoint
  }

  private var stream: Endpoint {
    var endpoint = speech(
      .get, Self.streamPath, "ttsStream", "Speaks a text; the answer is a WAV file, sent as it is made.", stream: true)
    endpoint.parameters = RequestSchemas.xttsServerFields(maximumText: maximumText).map { name, schema in
      .init(
        name: name, location: "query", description: "As in the body of \(Self.wholePath).", schema: schema,
        isRequired: name == "text")
    }
    endpoint.errors.append(422)
    return endpoint
  }

  private func speech(
    _ method: HTTPRequest.Method, _ path: String, _ operationID: String, _ summary: String, stream: Bool
  ) -> Endpoint {
    let (ports, mediaType) = (ports, stream ? "audio/x-wav" : "audio/wav")
    let body = ports.spoken(body) { data throws(SpeechError) in try XTTSServerRequest.decode(data, stream: stream) }
    return Endpoint(
      method: method, path: path, operationID: operationID, summary: summary,
      answers: [200: Endpoint.Answer(description: "The speech.", content: [mediaType: MessageSchemas.binary])],
      errors: [404, 409, 429, 503, 504], acceptsIdempotencyKey: true
    ) { request, context in
      do throws(any Error) {
        let whole = try await body.read(request, context)
        var response = try await ports.audio(of: whole.message, whole, context)
        response.headers[.contentType] = mediaType
        return response
      } catch let error as SpeechError {
        throw error.renaming(["speaker_id": "speaker_wav"])
      }
    }
  }

  private struct Speaker: Encodable {
    var name: String
    var voiceID: String
    var previewURL = ""

    enum CodingKeys: String, CodingKey {
      case name
      case voiceID = "voice_id"
      case previewURL = "preview_url"
    }
  }

  private var speakers: Endpoint {
    let requests = ports.requests
    let speaker = MessageSchemas.object([
      "name": MessageSchemas.string, "voice_id": MessageSchemas.string, "preview_url": MessageSchemas.string,
    ])
    return Endpoint(
      method: .get, path: "/speakers", operationID: "listSpeakers", summary: "All voices a request may name.",
      answers: [200: .json("The voices.", MessageSchemas.list(speaker))], errors: [503]
    ) { _, _ in .json(try await requests.voices().map { Speaker(name: $0.displayName, voiceID: $0.voiceID) }) }
  }

  private var speakerList: Endpoint {
    let requests = ports.requests
    return Endpoint(
      method: .get, path: "/speakers_list", operationID: "listSpeakerIDs", summary: "The ids of all voices.",
      answers: [200: .json("The ids.", MessageSchemas.list(MessageSchemas.string))], errors: [503]
    ) { _, _ in .json(try await requests.voices().map(\.voiceID)) }
  }

  private var languages: Endpoint {
    let requests = ports.requests
    let tags: JSONValue = ["type": "object", "additionalProperties": MessageSchemas.languageID]
    return Endpoint(
      method: .get, path: "/languages", operationID: "listLanguages", summary: "The languages, by their English names.",
      answers: [200: .json("The languages.", MessageSchemas.object(["languages": tags]))], errors: [503]
    ) { _, _ in
      let entries = try await requests.configuration().languages.map { ($0.label, $0.id) }
      return .json(["languages": Dictionary(entries) { $1 }])
    }
  }
}
