import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SpeechCore
import Testing

@testable import HTTPAdapter

struct EndpointTests {
  private let speak = "/api/v1/tts/synthesize"

  @Test func thePredecessorsClientsGetWhatTheyKnow() async throws {
    try await makeServer().serve { client in
      let reply = try await client.post(speak, #"{"text":"Hello","language":"en","speaker_id":"default"}"#)
      #expect(reply.status == .ok)
      #expect(reply.json["format"] as? String == "wav")
      #expect(reply.json["sample_rate"] as? Int == 24_000)
      #expect(reply.json["audio_base64"] as? String == Data("audio".utf8).base64EncodedString())
      #expect(reply.json["duration_seconds"] as? Double == 1.5)

      let voice = try await client.post("/api/v1/tts/voices", #"{"language":"de","speaker_wav_base64":"AAAA"}"#)
      #expect(voice.status == .created)
      #expect(voice.json["voice_id"] as? String == "v1")
      #expect(voice.json["language"] as? String == "de")
      let voices = try await client.get("/api/v1/tts/voices").json["voices"] as? [[String: String]]
      #expect(voices == [["voice_id": "default", "display_name": "Default", "language": "en"]])
      let config = try await client.get("/api/v1/tts/config").json
      #expect(config["model_repo"] as? String == "coqui/XTTS-v2")
      #expect((config["languages"] as? [[String: String]])?.first == ["id": "en", "label": "English"])
      #expect(try await client.get("/health").json["status"] as? String == "ok")
    }
  }

  @Test func aPreviewTakesASynthesisRequestAndRecordsNothing() async throws {
    let service = StubService()
    try await makeServer(service) { $0.maximumBodyBytes = 1_000 }.serve { client in
      let path = "/api/v1/tts/normalize"
      let reply = try await client.post(
        path, #"{"text":"Hello","language":"de","text_normalization":"none","speed":2,"pitch":1}"#)
      #expect(reply.status == .ok)
      #expect(reply.json["language"] as? String == "de" && reply.json["text_normalization"] as? String == "none")
      let segment = try #require((reply.json["segments"] as? [[String: Any]])?.first)
      #expect(segment["text"] as? String == "Hello" && segment["normalized"] as? String == "hello")
      #expect(segment["tokens"] as? Int == 3)
      #expect(reply.json["warnings"] as? [String] == ["unknown field ignored: pitch"])
      for (body, status) in [
        (#"{"text":"text_unreadable"}"#, 422), (#"{"text":"model_unavailable"}"#, 503), (#"{"text":""}"#, 422),
        ("{", 422), (#"{"text":"\#(String(repeating: "a", count: 2_000))"}"#, 413),
      ] {
        #expect(try await client.post(path, body).status.code == status, "\(body.prefix(40))")
      }
      let refused = try await client.post(path, #"{"text":"a","text_normalization":"loud"}"#)
      let problem = try #require((refused.json["detail"] as? [[String: Any]])?.first)
      #expect(problem["loc"] as? [String] == ["body", "text_normalization"])
      #expect(problem["msg"] as? String == "text_normalization must be one of extended, upstream, none")
    }
    #expect(service.contexts.withLock(\.isEmpty) && service.refusals.withLock(\.isEmpty))
  }

  @Test func segmentsHaveTheirNormalizedTextOnRequest() async throws {
    try await makeServer().serve { client in
      let reply = try await client.post(speak, #"{"text":"Hello","include":["normalized","words"]}"#)
      #expect((reply.json["segments"] as? [[String: Any]])?.first?["normalized"] as? String == "hello")
      #expect(reply.json["warnings"] as? [String] == ["include: this version sends no words"])
      let plain = try await client.post(speak, #"{"text":"Hello"}"#)
      #expect((plain.json["segments"] as? [[String: Any]])?.first?.keys.contains("normalized") == false)
    }
  }

  @Test(arguments: [
    ("text_empty", 422), ("text_unreadable", 422), ("text_too_long", 422), ("unsupported_language", 422),
    ("unknown_speaker", 404), ("ambiguous_speaker", 422), ("invalid_ssml", 422), ("unsupported_ssml", 422),
    ("unknown_lexicon", 404), ("unauthorized", 401),
    ("invalid_audio", 400), ("audio_too_short", 400), ("audio_too_large", 413), ("download_failed", 400),
    ("download_forbidden", 400), ("overloaded", 429), ("model_unavailable", 503), ("deadline_exceeded", 504),
    ("internal", 500),
  ])
  func eachErrorHasItsStatus(code: String, status: Int) async throws {
    try await makeServer().serve { client in
      for stream in [false, true] {
        let reply = try await client.post(speak, #"{"text":"\#(code)","stream":\#(stream)}"#)
        #expect(reply.status.code == status)
        #expect(reply.errorCode == code)
        #expect(reply.json["detail"] != nil)
        #expect((reply.headers[.retryAfter] != nil) == [429, 503].contains(status))
      }
    }
  }

  @Test func validationNamesTheFieldAsThePredecessorDid() async throws {
    try await makeServer().serve { client in
      let cases = [
        (#"{"text":5}"#, "text"), (#"{}"#, "text"), (#"{"text":"  "}"#, "text"), (#"{"text":"x","top_k":0}"#, "top_k"),
        (#"{"text":"x","language":"t1h"}"#, "language"), (#"{"text":"x","stream":"yes"}"#, "stream"),
      ]
      for (body, field) in cases {
        let reply = try await client.post(speak, body)
        #expect(reply.status == .unprocessableContent)
        let problem = (reply.json["detail"] as? [[String: Any]])?.first
        #expect(problem?["loc"] as? [String] == ["body", field])
      }
      for body in ["", "{", "[1]", "null", "\u{FF}", String(repeating: "[", count: 100_000)] {
        #expect(try await client.post(speak, body).status == .unprocessableContent)
      }
      #expect(try await client.post(speak, #"{"text":"x","speaker_wav_base64":"***"}"#).status == .badRequest)
    }
  }

  @Test func bodiesAreBoundedAndTyped() async throws {
    let server = makeServer { $0.maximumBodyBytes = 1000 }
    try await server.serve { client in
      let large = #"{"text":"\#(String(repeating: "a", count: 2000))"}"#
      #expect(try await client.post(speak, large).status == .contentTooLarge)
      let typed = try await client.post(speak, #"{"text":"x"}"#, headers: [.contentType: "text/plain"])
      #expect(typed.status == .unsupportedMediaType)
      let parameterised = try await client.post(
        speak, #"{"text":"x"}"#, headers: [.contentType: "application/json; charset=utf-8"])
      #expect(parameterised.status == .ok)
    }
  }

  @Test func whatIsRefusedHereIsPutOnRecord() async throws {
    let service = StubService()
    let server = makeServer(service) { $0.maximumBodyBytes = 1000 }
    try await server.serve { client in
      _ = try await client.post(speak, "{")
      _ = try await client.post(speak, #"{"text":""}"#)
      _ = try await client.post(speak, #"{"text":"\#(String(repeating: "a", count: 2000))"}"#)
      _ = try await client.post(speak, #"{"text":"x"}"#, headers: [.contentType: "text/plain"])
      if let key = HTTPField.Name("Idempotency-Key") {
        _ = try await client.post(speak, #"{"text":"x"}"#, headers: [key: "two words"])
      }
      _ = try await client.post("/v1/audio/speech", #"{"input":7}"#)
      _ = try await client.post("/api/v1/tts/voices", "{}")
      _ = try await client.post(speak, #"{"text":"fine"}"#)
    }
    #expect(
      service.refusals.withLock { $0 } == [
        "synthesize invalid_json", "synthesize text_empty", "synthesize invalid_request", "synthesize invalid_request",
        "synthesize invalid_request", "synthesize invalid_request", "register_voice invalid_request",
      ])
    #expect(service.contexts.withLock { $0.count } == 1)
  }

  @Test func unknownPathsAndMethodsSaySo() async throws {
    try await makeServer().serve { client in
      let missing = try await client.get("/nowhere")
      #expect(missing.status == .notFound)
      #expect(missing.json["detail"] as? String == "Not Found")
      let wrong = try await client.execute(uri: speak, method: .put)
      #expect(wrong.status == .methodNotAllowed)
      #expect(wrong.headers[.allow] == "POST")
      #expect(try await client.execute(uri: "/health", method: .head).status == .ok)
    }
  }

  @Test func voicesAreDeletedByTheirDecodedID() async throws {
    try await makeServer().serve { client in
      #expect(try await client.execute(uri: "/api/v1/tts/voices/v1", method: .delete).status == .noContent)
      #expect(try await client.execute(uri: "/api/v1/tts/voices/%76%31", method: .delete).status == .noContent)
      for id in ["nobody", "..%2F..%2Fetc", "%FF%00", "'%20OR%201=1"] {
        let reply = try await client.execute(uri: "/api/v1/tts/voices/\(id)", method: .delete)
        #expect(reply.status == .notFound)
      }
    }
  }

  @Test func storedClipsAreServedByIDOnly() async throws {
    let path = NSTemporaryDirectory() + UUID().uuidString + ".mp3"
    try Data("sound".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let clips = StubClips(known: ["abc": StoredClip(path: path, format: .mp3, byteCount: 5)])
    try await makeServer(clips: clips).serve { client in
      let found = try await client.get("/api/v1/tts/audio/abc")
      #expect(found.text == "sound")
      #expect(found.headers[.contentType] == "audio/mpeg")
      for id in ["abd", "..%2F..%2Fetc%2Fpasswd", "%00"] {
        #expect(try await client.get("/api/v1/tts/audio/\(id)").status == .notFound)
      }
    }
  }

  @Test func aServiceWithoutItsDatabaseHasNoUsage() async throws {
    let service = StubService()
    let ports = SpeechHTTPServer.Ports(
      requests: service, preview: { request throws(SpeechError) in try service.preview(request) },
      cleaned: { audio, _ throws(SpeechError) in audio }, health: service, audit: { nil }, queues: { nil },
      clips: StubClips(),
      metrics: { "" })
    var configuration = HTTPConfiguration()
    configuration.port = 0
    let server = SpeechHTTPServer(configuration: configuration, ports: ports, logger: Logger(label: "test"))
    try await server.serve { client in
      let answer = try await client.get("/api/v1/tts/usage")
      #expect(answer.status == .serviceUnavailable && answer.text.contains("no usage is recorded"))
    }
  }

  @Test func usageChecksItsDays() async throws {
    try await makeServer().serve { client in
      let rows =
        try await client.get("/api/v1/tts/usage?user_id=b%20o&from=2026-02-03").json["usage"] as? [[String: Any]]
      #expect(rows?.first?["user_id"] as? String == "b o")
      #expect(rows?.first?["day"] as? String == "2026-02-03")
      let reply = try await client.get("/api/v1/tts/usage?from=yesterday")
      #expect(reply.status == .unprocessableContent)
      #expect((reply.json["detail"] as? [[String: Any]])?.first?["loc"] as? [String] == ["query", "from"])
    }
  }

  @Test func healthFollowsTheServiceAndLivenessDoesNot() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      for (status, code) in [(HealthReport.Status.starting, 503), (.draining, 503), (.unavailable, 503), (.ok, 200)] {
        service.report.withLock { $0 = HealthReport(status: status) }
        let health = try await client.get("/health")
        #expect(health.status.code == code)
        #expect(health.json["status"] as? String == status.rawValue)
        let ready = try await client.get("/health/ready")
        #expect(ready.status.code == code)
        let live = try await client.get("/health/live")
        #expect(live.status == .ok)
      }
      let metrics = try await client.get("/metrics")
      #expect(metrics.text.contains("speechbus_slots 8"))
    }
  }

  @Test func requestHeadersReachTheService() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      var headers = HTTPFields()
      for (name, value) in [("Idempotency-Key", "k1"), ("X-Request-ID", "c1"), ("traceparent", "00-ab-cd-01")] {
        if let name = HTTPField.Name(name) { headers[name] = value }
      }
      let reply = try await client.post(speak, #"{"text":"x"}"#, headers: headers)
      let context = try #require(service.contexts.withLock { $0.first })
      #expect(context.idempotencyKey == "k1")
      #expect(context.correlationID == "c1")
      #expect(context.traceparent == "00-ab-cd-01")
      #expect(context.transport == .http)
      #expect(reply.headers.value("X-Request-ID") == context.requestID)
    }
  }
}
