import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SpeechCore
import Testing

@testable import HTTPAdapter

/// The routes of xtts-api-server, as SillyTavern calls them.
struct XTTSServerTests {
  @Test func speechIsWAVWholeOrAsItIsMade() async throws {
    try await makeServer().serve { client in
      for path in ["/tts_to_audio/", "/tts_to_audio"] {
        let reply = try await client.post(path, #"{"text":"Hello","speaker_wav":"speakers/Ada.wav","language":"en"}"#)
        #expect(reply.status == .ok && reply.text == "audio" && reply.headers[.contentType] == "audio/wav")
      }
      for path in ["/tts_stream/", "/tts_stream"] {
        let reply = try await client.get("\(path)?text=Hello&speaker_wav=Ada&language=en")
        #expect(reply.status == .ok && reply.text == "onetwo" && reply.headers[.contentType] == "audio/x-wav")
        #expect(reply.headers[.contentLength] == nil && reply.headers[.cacheControl] == "no-store")
      }
    }
  }

  /// `URLSearchParams` writes a space as a plus sign and a plus sign as `%2B`.
  @Test func theQueryIsReadAsBrowsersWriteIt() throws {
    func json(_ query: String) throws -> String {
      let head = HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/tts_stream/\(query)")
      return String(
        decoding: try Request(head: head, body: RequestBody(buffer: ByteBuffer())).queryJSON(), as: UTF8.self)
    }
    #expect(try json("?text=1%2B1+%3D+2%26caf%C3%A9") == #"{"text":"1+1 = 2&café"}"#)
    #expect(try json("?text=a=b&&language") == #"{"language":"","text":"a=b"}"#)
    #expect(try json("") == "{}")
    #expect(throws: SpeechError(.invalidRequest, "text is not percent-encoded UTF-8", field: "text")) {
      try json("?text=caf%E9")
    }
  }

  @Test func faultsAreNamedByTheClientsFieldsAndRecorded() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      let posts = [
        (#"{"speaker_wav":"Ada"}"#, "text", 422), (#"{"text":"x","speaker_wav":"nobody"}"#, "speaker_wav", 404),
        (#"{"text":"x","language":"!"}"#, "language", 422), (#"{"text":"text_too_long"}"#, "text", 422),
      ]
      for (body, field, status) in posts {
        let reply = try await client.post("/tts_to_audio/", body)
        #expect(reply.status.code == status)
        #expect((reply.json["error"] as? [String: Any])?["field"] as? String == field)
      }
      for (query, status) in [
        ("", 422), ("?text=", 422), ("?text=x&speaker_wav=nobody", 404), ("?text=overloaded", 429),
      ] {
        #expect(try await client.get("/tts_stream/\(query)").status.code == status)
      }
      #expect(try await client.execute(uri: "/tts_to_audio/", method: .get).status == .methodNotAllowed)
      #expect(try await client.execute(uri: "/tts_stream/?text=x", method: .head).status != .ok)
    }
    #expect(service.refusals.withLock { $0.count { $0.hasPrefix("synthesize") } } == 5)
  }

  @Test func voicesAndLanguagesAreListed() async throws {
    try await makeServer().serve { client in
      #expect(try await client.get("/speakers_list").text == #"["default"]"#)
      let speakers = try JSONDecoder().decode(
        [[String: String]].self, from: Data(buffer: try await client.get("/speakers").body))
      #expect(speakers == [["name": "Default", "voice_id": "default", "preview_url": ""]])
      #expect(
        try await client.get("/languages").json as? [String: [String: String]] == ["languages": ["English": "en"]])
    }
  }

  @Test func aTokenNeedsTheScopeOfSynthesis() async throws {
    var tokens = AccessTokens()
    try tokens.add(json: Data(#"{"tokens":[{"name":"m","token":"0123456789abcdef","scopes":["metrics"]}]}"#.utf8))
    try await makeServer { [tokens] in $0.tokens = tokens }.serve { client in
      let headers: HTTPFields = [.authorization: "Bearer 0123456789abcdef"]
      let anonymous = try await client.get("/tts_stream/?text=x")
      #expect(anonymous.status == .unauthorized)
      #expect(try await client.get("/tts_stream/?text=x", headers: headers).status == .forbidden)
      #expect(try await client.post("/tts_to_audio/", #"{"text":"x"}"#, headers: headers).status == .forbidden)
      #expect(try await client.get("/speakers", headers: headers).status == .ok)
    }
  }

  /// An audio element of a foreign page sends no `Origin`.
  @Test func pagesOfOtherSitesSpeakOnlyIfTheyAreAllowed() async throws {
    let uri = "/tts_stream/?text=x"
    func headers(_ values: KeyValuePairs<String, String>) -> HTTPFields {
      values.reduce(into: [:]) { fields, header in
        if let name = HTTPField.Name(header.key) { fields[name] = header.value }
      }
    }
    let foreign = headers(["Sec-Fetch-Site": "cross-site", "Referer": "https://evil.example/"])
    try await makeServer { $0.allowedOrigins = ["https://ours.example"] }.serve { client in
      let refused = try await client.get(uri, headers: foreign)
      #expect(refused.status == .forbidden)
      #expect(try await client.get(uri, headers: headers(["Sec-Fetch-Site": "cross-site"])).status == .forbidden)
      #expect(try await client.get(uri, headers: [.origin: "https://evil.example"]).status == .forbidden)
      let ours = headers(["Sec-Fetch-Site": "cross-site", "Referer": "https://ours.example/"])
      #expect(try await client.get(uri, headers: ours).status == .ok)
      #expect(try await client.get(uri, headers: headers(["Sec-Fetch-Site": "same-site"])).status == .ok)
      #expect(try await client.get(uri).status == .ok)
      #expect(try await client.get("/speakers", headers: foreign).status == .ok)
    }
    try await makeServer().serve { client in
      #expect(try await client.get(uri, headers: foreign).status == .ok)
      let post = try await client.post(
        "/tts_to_audio/", #"{"text":"x"}"#, headers: [.origin: "https://other.example"])
      #expect(post.status == .ok && post.headers[.accessControlAllowOrigin] == "*")
    }
  }
}
