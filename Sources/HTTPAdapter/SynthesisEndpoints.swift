import Foundation
import Hummingbird
import SpeechCore

/// `POST /api/v1/tts/synthesize`, its preview and the clips it stores.
struct SynthesisEndpoints {
  let ports: HTTPPorts
  let body: BodyReader
  let maximumText: Int

  var all: [Endpoint] { [synthesize, preview, storedAudio] }

  private var synthesize: Endpoint {
    let ports = ports
    let body = ports.spoken(body) { data throws(SpeechError) in try SynthesisRequest.decode(data) }
    let reply = MessageSchemas.audio.merging(["application/json": MessageSchemas.reference("SynthesisReply")]) { $1 }
    return Endpoint(
      method: .post, path: "/api/v1/tts/synthesize", operationID: "synthesize",
      summary: "Speaks a text; with \"stream\": true the answer is bare audio as it is made.",
      body: RequestSchemas.synthesis(maximumText: maximumText),
      answers: [200: Endpoint.Answer(description: "The speech.", content: reply)],
      errors: [400, 404, 409, 429, 503, 504], acceptsIdempotencyKey: true
    ) { request, context in
      let whole = try await body.read(request, context)
      guard !whole.message.stream else { return try await ports.audio(of: whole.message, whole, context) }
      let reply = try await ports.reply(to: whole.message, whole, context)
      whole.memory.reply?.shrink(to: reply.heldBytes)
      return .json(reply, headers: .requestID(reply.requestID)).holding(whole.memory)
    }
  }

  private var preview: Endpoint {
    let (body, preview) = (body, ports.preview)
    return Endpoint(
      method: .post, path: "/api/v1/tts/normalize", operationID: "normalize",
      summary: "The text that would be spoken, by segment, without synthesis. It takes a synthesis request.",
      body: RequestSchemas.preview(maximumText: maximumText),
      answers: [200: .json("The segments.", MessageSchemas.reference("TextPreview"))], errors: [404, 429, 503]
    ) { request, context in
      let memory = body.budgets.bodies.reservation()
      defer { memory.release() }
      let message = try SynthesisRequest.decode(try await body.json(request, context, memory))
      return .json(try await context.cancelledOnDisconnect { try await preview(message) })
    }
  }

  private var storedAudio: Endpoint {
    let clips = ports.clips
    return Endpoint(
      method: .get, path: "/api/v1/tts/audio/{request_id}", operationID: "storedAudio",
      summary: "The stored audio of a request.",
      parameters: [
        .init(name: "request_id", location: "path", description: "As the reply gave it.", schema: MessageSchemas.string)
      ],
      answers: [
        200: Endpoint.Answer(description: "The audio.", content: MessageSchemas.audio),
        206: Endpoint.Answer(description: "The part that Range names.", content: MessageSchemas.audio),
      ], errors: [404, 416]
    ) { request, context in
      let id = context.pathParameter("request_id")
      guard let clip = try await clips?.clip(requestID: id) else {
        throw HTTPError(.notFound, message: "there is no stored audio of that request")
      }
      let total = clip.byteCount
      var headers: HTTPFields = [
        .contentType: clip.format.mediaType, .contentDisposition: clip.format.disposition(id), .acceptRanges: "bytes",
        .cacheControl: "private, immutable",
      ]
      switch ByteRange(request.headers[.range], of: total) {
      case .whole:
        let file = try await FileIO().loadFile(path: clip.path, context: context)
        headers[.contentLength] = String(file.contentLength ?? total)
        return Response(status: .ok, headers: headers, body: file)
      case .part(let range):
        headers[.contentLength] = String(range.count)
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(total)"
        let part = try await FileIO().loadFile(path: clip.path, range: range, context: context)
        return Response(status: .partialContent, headers: headers, body: part)
      case .unsatisfiable:
        throw HTTPError(
          .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(total)"], message: "the audio has \(total) bytes")
      }
    }
  }
}

extension AudioFormat {
  /// The value of `Content-Disposition`: the name of a saved file.
  func disposition(_ name: String = "speech") -> String { "inline; filename=\"\(name).\(fileExtension)\"" }
}

extension ServerContext {
  /// A path parameter with its percent signs decoded; empty when it holds none or is not UTF-8.
  func pathParameter(_ name: String) -> String {
    parameters.get(name)?.removingPercentEncoding ?? ""
  }
}
