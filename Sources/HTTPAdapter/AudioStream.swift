import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import SpeechCore
import SpeechService

/// A streamed response. It starts with the first audio, so a request that fails earlier gets an error status. A request
/// that fails later ends its connection, and the client sees an incomplete transfer.
struct AudioStream: Sendable {
  let requests: any SpeechRequestHandler
  /// Held until the synthesis has ended.
  let slot: Slot?

  func response(
    _ synthesis: SynthesisRequest, _ speech: SpeechCore.RequestContext, _ context: ServerContext, asEvents: Bool
  ) async throws -> Response {
    let pipe = AudioPipe()
    let lifetime = StreamLifetime(pipe: pipe, signal: await context.disconnectSignal()) { [requests, slot] in
      defer { slot?.release() }
      let result: Result<SynthesisReply, SpeechError>
      do throws(SpeechError) {
        result = .success(
          try await requests.synthesize(synthesis, context: speech) { try await pipe.send($0) })
      } catch {
        result = .failure(error)
      }
      await pipe.finish(result)
    }
    let first = await withTaskCancellationHandler {
      await pipe.next()
    } onCancel: {
      lifetime.cancel()
    }
    if case .end(.failure(let error)) = first { throw error }

    var headers = HTTPFields.requestID(speech.requestID, warnings: synthesis.warnings)
    headers[.cacheControl] = "no-store"
    headers[.contentType] = asEvents ? "text/event-stream" : synthesis.format.mediaType
    if !asEvents { headers[.contentDisposition] = synthesis.format.disposition() }
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        defer { lifetime.cancel() }
        var event = first
        while case .chunk(let chunk) = event {
          try await writer.write(asEvents ? ServerSentEvent.delta(chunk) : ByteBuffer(data: chunk))
          event = await pipe.next()
        }
        guard case .end(let result) = event else { return }
        if asEvents {
          try await writer.write(ServerSentEvent.end(result))
        } else if case .failure(let error) = result {
          throw error
        }
        try await writer.finish(nil)
      })
  }
}

/// Ends the synthesis when the client disconnects or when the response is discarded.
private final class StreamLifetime: Sendable {
  private let task: Task<Void, Never>
  private let pipe: AudioPipe
  private let signal: DisconnectSignal?
  private let registration: Int?

  init(pipe: AudioPipe, signal: DisconnectSignal?, _ work: @escaping @Sendable () async -> Void) {
    let task = Task(operation: work)
    self.task = task
    self.pipe = pipe
    self.signal = signal
    registration = signal?.onDisconnect {
      task.cancel()
      Task { await pipe.close() }
    }
  }

  func cancel() {
    task.cancel()
    Task { [pipe] in await pipe.close() }
  }

  deinit {
    registration.map { signal?.remove($0) }
    cancel()
  }
}

/// The events of OpenAI's speech streaming.
enum ServerSentEvent {
  private struct Delta: Encodable {
    var type = "speech.audio.delta"
    var audio: Data
  }

  private struct Done: Encodable {
    struct Usage: Encodable {
      var inputTokens: Int
      var outputTokens: Int
      var totalTokens: Int

      enum CodingKeys: String, CodingKey {
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case totalTokens = "total_tokens"
      }
    }

    var type = "speech.audio.done"
    var usage: Usage
    /// Not part of OpenAI's event; nil unless the request includes their normalised text.
    var segments: [SegmentReport]?
  }

  private struct Failed: Encodable {
    var type = "error"
    var error: ErrorObject
  }

  static func delta(_ audio: Data) -> ByteBuffer { event(Delta(audio: audio)) }

  /// Characters count as input tokens, audio codes as output tokens.
  static func end(_ result: Result<SynthesisReply, SpeechError>) -> ByteBuffer {
    switch result {
    case .success(let reply):
      let characters = reply.segments.reduce(0) { $0 + $1.characters }
      let codes = reply.segments.reduce(0) { $0 + $1.codes }
      return event(
        Done(
          usage: .init(inputTokens: characters, outputTokens: codes, totalTokens: characters + codes),
          segments: reply.segments.contains { $0.normalized != nil } ? reply.segments : nil))
    case .failure(let error):
      return event(Failed(error: ErrorObject(error, openAIStatus: ErrorAnswer.status(error.code))))
    }
  }

  private static func event(_ value: some Encodable) -> ByteBuffer {
    let json = (try? WireJSON.encode(value)) ?? Data("{}".utf8)
    var buffer = ByteBuffer(string: "data: ")
    buffer.writeData(json)
    buffer.writeString("\n\n")
    return buffer
  }
}
