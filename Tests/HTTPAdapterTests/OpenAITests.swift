import Foundation
import HTTPTypes
import Hummingbird
import SpeechCore
import Testing

@testable import HTTPAdapter

struct OpenAITests {
  private let path = "/v1/audio/speech"

  @Test func formatsAndVoicesAreUnderstood() async throws {
    try await makeServer().serve { client in
      let standard = try await client.post(
        path, #"{"model":"tts-1","input":"Hello","voice":"alloy","instructions":"Cheerfully."}"#)
      #expect(standard.text == "onetwo")
      #expect(standard.headers[.contentType] == "audio/mpeg")
      #expect(standard.headers[.contentDisposition] == #"inline; filename="speech.mp3""#)
      let whole = try await client.post(
        path, #"{"input":"Hello","voice":"Ada","response_format":"wav","loudness":-16}"#)
      #expect(whole.text == "audio")
      #expect(whole.headers[.contentType] == "audio/wav")
      #expect(whole.headers[.contentDisposition] == #"inline; filename="speech.wav""#)
      for format in ["wav", "flac", "aac", "opus", "pcm"] {
        let reply = try await client.post(path, #"{"input":"Hello","response_format":"\#(format)"}"#)
        #expect(reply.text == "onetwo" && reply.headers[.contentType] == AudioFormat(rawValue: format)?.mediaType)
      }
      #expect(try await client.post(path, #"{"input":"Hello","voice":{"id":"Ada"}}"#).status == .ok)
      #expect(try await client.post(path, #"{"input":"Hello"}"#).status == .ok)
    }
  }

  @Test func faultsAreNamedByTheClientsFields() async throws {
    try await makeServer().serve { client in
      let cases = [
        (#"{"voice":"alloy"}"#, "input", 422), (#"{"input":"x","voice":7}"#, "voice", 422),
        (#"{"input":"x","response_format":"aiff"}"#, "response_format", 422),
        (#"{"input":"x","speed":4.5}"#, "speed", 422),
        (#"{"input":"x","voice":"nobody"}"#, "voice", 404), (#"{"input":"text_too_long"}"#, "input", 422),
        (#"{"input":"x","stream_format":"ndjson"}"#, "stream_format", 422),
        (#"{"input":"x","voice":"nobody","response_format":"wav"}"#, "voice", 404),
        (#"{"input":"x","sample_rate":9000}"#, "sample_rate", 422),
        (#"{"input":"x","text_normalization":"loud"}"#, "text_normalization", 422),
        (#"{"input":"x","include":["codes"]}"#, "include", 422),
      ]
      for (body, field, status) in cases {
        let reply = try await client.post(path, body)
        #expect(reply.status.code == status)
        let error = try #require(reply.json["error"] as? [String: Any])
        #expect(error["field"] as? String == field && error["param"] as? String == field)
        #expect(error["type"] as? String == "invalid_request_error")
      }
    }
  }

  @Test func theLastEventHasTheNormalizedTextOnRequest() async throws {
    try await makeServer().serve { client in
      let body = #"{"input":"Hello","stream_format":"sse","include":["normalized"]}"#
      #expect(try await client.post(path, body).text.contains(#""normalized":"hello""#))
      let plain = try await client.post(path, #"{"input":"Hello","stream_format":"sse"}"#)
      #expect(plain.text.contains("speech.audio.done") && !plain.text.contains("segments"))
    }
  }

  @Test func everyErrorHasTheClientsShape() async throws {
    try await makeServer { $0.tokens = AccessTokens("secret") }.serve { client in
      let closed = try await client.get("/v1/models").json["error"] as? [String: Any]
      #expect(closed?["type"] as? String == "invalid_request_error" && closed?["param"] is NSNull)
      let headers: HTTPFields = [.authorization: "Bearer secret"]
      for (code, type) in [("overloaded", "rate_limit_error"), ("internal", "server_error")] {
        let reply = try await client.post(path, #"{"input":"\#(code)"}"#, headers: headers)
        #expect((reply.json["error"] as? [String: Any])?["type"] as? String == type)
        #expect(reply.errorCode == code)
      }
      let ours = try await client.get("/nowhere", headers: headers).json["error"] as? [String: Any]
      #expect(ours?["type"] == nil && ours?["code"] != nil)
    }
  }

  @Test func eventsCarryAudioAndEnd() async throws {
    try await makeServer().serve { client in
      let reply = try await client.post(path, #"{"input":"Hello","stream_format":"sse","response_format":"pcm"}"#)
      #expect(reply.headers[.contentType] == "text/event-stream")
      let events = try reply.text.split(separator: "\n\n").map { event in
        try #require(try JSONSerialization.jsonObject(with: Data(event.dropFirst(6).utf8)) as? [String: Any])
      }
      #expect(
        events.map { $0["type"] as? String } == ["speech.audio.delta", "speech.audio.delta", "speech.audio.done"])
      #expect(events[0]["audio"] as? String == Data("one".utf8).base64EncodedString())
      #expect((events[2]["usage"] as? [String: Int])?["total_tokens"] == 12)

      let whole = try await client.post(path, #"{"input":"Hello","stream_format":"sse","loudness":-16}"#)
      #expect(whole.text.split(separator: "\n\n").count == 2)
      let broken = try await client.post(path, #"{"input":"break","stream_format":"sse"}"#)
      #expect(broken.text.contains(#""type":"error""#))
    }
  }

  @Test func listsAreInTheClientsShape() async throws {
    try await makeServer().serve { client in
      let models = try await client.get("/v1/models").json
      #expect(models["object"] as? String == "list")
      #expect((models["data"] as? [[String: Any]])?.first?["id"] as? String == "coqui/XTTS-v2")
      let voices = try await client.get("/v1/audio/voices").json["voices"] as? [[String: String]]
      #expect(voices?.first?["id"] == "default")
    }
  }
}
