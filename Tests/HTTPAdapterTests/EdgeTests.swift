import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SpeechCore
import TestSupport
import Testing

@testable import HTTPAdapter

/// HTTP as browsers, proxies, probes and OpenAI's clients speak it.
@Suite(.timeLimit(.minutes(2)))
struct EdgeTests {
  private let speak = "/api/v1/tts/synthesize"

  @Test func aPreflightAllowsTheHeadersThatThePageAsksFor() async throws {
    let wanted = "authorization,x-stainless-arch,X-Stainless-OS,baggage"
    var asked: HTTPFields = [.origin: "https://a.example", .accessControlRequestMethod: "POST"]
    if let name = HTTPField.Name("Access-Control-Request-Headers") { asked[name] = wanted }
    try await makeServer { $0.allowedOrigins = ["https://A.example:443/"] }.serve { [asked] client in
      let reply = try await client.execute(uri: "/v1/audio/speech", method: .options, headers: asked)
      #expect(reply.headers[.accessControlAllowHeaders] == wanted)
      #expect(reply.headers[.vary] == "Origin, Access-Control-Request-Headers")
      #expect(reply.headers[.accessControlAllowOrigin] == "https://a.example")
    }
  }

  @Test func originsAreComparedAfterNormalising() {
    for text in ["https://a.example", " HTTPS://A.example/", "https://a.example:443"] {
      #expect(WebOrigin(text) == WebOrigin("https://a.example") && WebOrigin(text) != nil)
    }
    for text in ["app://obsidian.md", "chrome-extension://abc", "null", "http://[::1]:8081"] {
      #expect(WebOrigin(text) != nil)
    }
    #expect(WebOrigin("http://a.example:443") != WebOrigin("http://a.example"))
    for text in ["https://*.c", "example.com", "https://a/b", "https://", "https://u@a", "", "*", "https://a b"] {
      #expect(WebOrigin(text) == nil, "\(text)")
    }
  }

  @Test func probesAnswerWhateverTheSlashesAndTheToken() async throws {
    try await makeServer { $0.tokens = AccessTokens("secret") }.serve { client in
      for path in [
        "/health", "/health/", "/health/ready/", "/health/live/", "//health", "/health/?x=1", "/healthz", "/readyz",
        "/livez", "/api/health",
      ] {
        #expect(try await client.get(path).status == .ok, "\(path)")
        #expect(try await client.execute(uri: path, method: .head).status == .ok, "HEAD \(path)")
      }
      for path in ["/v1/models/", "//v1/models", "/health/../v1/models", "/health/%2e%2e/v1/models", "/metrics/"] {
        #expect([.unauthorized, .notFound].contains(try await client.get(path).status), "\(path)")
      }
      let refused = try await client.get("/v1/models")
      #expect(refused.errorCode == "unauthorized" && refused.headers[.wwwAuthenticate] != nil)
    }
  }

  @Test func oldClientsGetNoChunksAndAClosedConnection() async throws {
    try await makeServer().serve { server in
      let body = #"{"input":"Hi."}"#
      let plain = try await RawClient(port: server.port)
      try await plain.send("GET /health HTTP/1.0\r\n\r\n")
      #expect(try await plain.readToEnd().hasPrefix("HTTP/1.0 200"))
      for header in ["", "Connection: keep-alive\r\n"] {
        let stream = try await RawClient(port: server.port)
        try await stream.send(
          "POST /v1/audio/speech HTTP/1.0\r\n\(header)Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        let answer = try await stream.readToEnd()
        #expect(answer.hasSuffix("\r\n\r\nonetwo") && !answer.lowercased().contains("chunked"))
      }
      let kept = try await RawClient(port: server.port)
      for _ in 0..<2 {
        try await kept.send("GET /health HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        #expect(try await kept.read(until: "}").lowercased().contains("connection: keep-alive"))
      }
    }
  }

  @Test(arguments: [
    ("bytes=0-1", ByteRange.part(0...1)), ("bytes=5-", .part(5...9)), ("bytes=-3", .part(7...9)),
    ("bytes=-99", .part(0...9)), ("Bytes=8-99", .part(8...9)), ("bytes=10-", .unsatisfiable),
    ("bytes=-0", .unsatisfiable),
    ("bytes=5-2", .whole), ("items=0-1", .whole), ("bytes=a-b", .whole), ("bytes=0-1,3-4", .whole), ("bytes=-", .whole),
    ("bytes=99999999999999999999-", .whole),
  ])
  func ranges(header: String, range: ByteRange) {
    #expect(ByteRange(header, of: 10) == range)
  }

  @Test func storedAudioIsServedInParts() async throws {
    let folder = try ScratchDirectory()
    let path = folder.url.appending(path: "clip.wav").path
    let audio = Data((0..<200).map { UInt8($0) })
    try audio.write(to: URL(fileURLWithPath: path))
    let clips = StubClips(known: ["r": StoredClip(path: path, format: .wav, byteCount: audio.count)])
    let range = HTTPField.Name.range
    try await makeServer(clips: clips).serve { client in
      let whole = try await client.get("/api/v1/tts/audio/r")
      #expect(whole.headers[.acceptRanges] == "bytes" && Data(buffer: whole.body) == audio)
      let part = try await client.get("/api/v1/tts/audio/r", headers: [range: "bytes=100-149"])
      #expect(part.status == .partialContent && part.headers[.contentRange] == "bytes 100-149/200")
      #expect(Data(buffer: part.body) == audio[100..<150])
      let behind = try await client.get("/api/v1/tts/audio/r", headers: [range: "bytes=999-"])
      #expect(behind.status == .rangeNotSatisfiable && behind.headers[.contentRange] == "bytes */200")
    }
  }

  @Test func packedBodiesAreReadWithinTheLimit() async throws {
    let zlib = try #require(Data(base64Encoded: "eJyrVipJrShRslIKSEzOTk3RU6oFADnmBfY="))
    func post(_ client: HTTPTestClient, _ encoding: String, _ body: Data) async throws -> TestResponse {
      try await client.execute(
        uri: speak, method: .post, headers: [.contentType: "application/json", .contentEncoding: encoding],
        body: ByteBuffer(data: body))
    }
    try await makeServer().serve { client in
      for encoding in ["deflate", "GZIP", "identity"] {
        let body = encoding == "identity" ? Data(#"{"text":"Packed."}"#.utf8) : zlib
        #expect(try await post(client, encoding, body).status == .ok, "\(encoding)")
      }
      let unknown = try await post(client, "br", Data("x".utf8))
      #expect(unknown.status == .unsupportedMediaType && unknown.text.contains("Content-Encoding"))
      #expect(try await post(client, "gzip", Data("x".utf8)).status == .badRequest)
    }
    // 100,000 blanks in 122 bytes.
    let blanks = try #require(
      Data(
        base64Encoded:
          "eNrtwTEBAAAAwqAq65/SGh5AAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAK8GHgnW0Q=="
      ))
    try await makeServer { $0.maximumBodyBytes = 1_000 }.serve { client in
      let refused = try await post(client, "deflate", blanks)
      #expect(refused.status == .contentTooLarge)
    }
  }

  @Test func equalAnswersHaveEqualBytes() async throws {
    try await makeServer().serve { client in
      var bodies: Set<String> = []
      for _ in 0..<8 { bodies.insert(try await client.get("/api/v1/tts/config").text) }
      #expect(bodies.count == 1)
      let refused = try await client.post(speak, #"{"text":""}"#).text
      #expect(refused.hasPrefix(#"{"detail":[{"loc":["body","text"],"msg":"#), "\(refused)")
    }
  }

  @Test func modelsAreFoundByTheirId() async throws {
    try await makeServer().serve { client in
      for path in ["/v1/models/coqui%2FXTTS-v2", "/v1/models/coqui/XTTS-v2"] {
        let reply = try await client.get(path)
        #expect(reply.status == .ok && reply.json["id"] as? String == "coqui/XTTS-v2", "\(path)")
      }
      let other = try await client.get("/v1/models/tts-9")
      #expect(other.status == .notFound && (other.json["error"] as? [String: Any])?["type"] != nil)
      let list = try await client.get("/v1/audio/models").json["models"] as? [[String: String]]
      #expect(list == [["id": "coqui/XTTS-v2"]])
    }
  }

  @Test func whatIsIgnoredIsAHeaderOfBareAudio() async throws {
    let name = try #require(HTTPField.Name("X-Speechbus-Warnings"))
    try await makeServer().serve { client in
      for format in ["mp3", "wav"] {
        let body = #"{"input":"x","response_format":"\#(format)","instructions":"gently","pitch":1}"#
        let warnings = try await client.post("/v1/audio/speech", body).headers[name]
        #expect(warnings?.contains("pitch") == true && warnings?.contains("instructions") == true)
      }
      #expect(try await client.post("/v1/audio/speech", #"{"input":"x"}"#).headers[name] == nil)
    }
  }
}

/// The limits of the bus in schemas/ are the limits of HTTP in OpenAPI.
struct LimitTests {
  private static func object(_ url: URL) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  @Test(arguments: [("synthesis-request", "/api/v1/tts/synthesize"), ("voice-register-request", "/api/v1/tts/voices")])
  func schemasAndOpenAPIAgree(name: String, path: String) throws {
    let folder = PrivateBroker.repository.appending(path: "schemas")
    let bus = try #require(
      try Self.object(folder.appending(path: "\(name).schema.json"))["properties"] as? [String: [String: Any]])
    let endpoint = try #require(makeServer().endpoints.first { $0.path == path && $0.method == .post })
    let text = try #require(endpoint.body).json()
    let body = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let http = try #require(body?["properties"] as? [String: [String: Any]])
    #expect(Set(bus.keys) == Set(http.keys))
    for (field, schema) in bus {
      let other = try #require(http[field])
      for limit in ["minimum", "maximum", "exclusiveMinimum", "maxItems"] {
        #expect(schema[limit] as? NSNumber == other[limit] as? NSNumber, "\(field) \(limit)")
      }
      // The setting SPEECHBUS_MAX_TEXT is in OpenAPI only; 0 allows the empty string in place of a number.
      if field != "text", other["maxLength"] as? Int != 0 {
        #expect(schema["maxLength"] as? Int == other["maxLength"] as? Int, "\(field) maxLength")
      }
      let values = [schema, other].map {
        Set(($0["enum"] as? [Any] ?? []).compactMap { $0 as? String }).subtracting([""])
      }
      #expect(values[0] == values[1], "\(field)")
    }
  }

  @Test func theDescriptionOfTheBusIsServedWithItsSchemas() async throws {
    let folder = PrivateBroker.repository.appending(path: "schemas")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".schema.json") }
    #expect(Set(files) == Set(BusDescription.schemas.keys.map { "\($0).schema.json" }))
    for (name, bytes) in BusDescription.schemas {
      #expect(try Data(contentsOf: folder.appending(path: "\(name).schema.json")) == Data(bytes))
    }
    try await makeServer { $0.tokens = AccessTokens("secret") }.serve { client in
      let bus = try await client.get("/asyncapi.json")
      #expect(bus.status == .ok && !bus.text.contains(#""./"#))
      let (http, info) = (try await client.get("/openapi.json").json, bus.json["info"] as? [String: Any])
      let other = http["info"] as? [String: Any]
      #expect(info?["version"] as? String == Release.version && other?["version"] as? String == Release.version)
      #expect(info?["license"] != nil && other?["license"] != nil)
      let channels = try #require(bus.json["channels"] as? [String: [String: Any]])
      let addresses = channels.values.compactMap { $0["address"] as? String }
      #expect(addresses.contains("tts.voices.log") && addresses.contains { $0.hasPrefix("tts.retry.") })
      let names = Set((http["tags"] as? [[String: String]] ?? []).compactMap { $0["name"] })
      let paths = try #require(http["paths"] as? [String: [String: [String: Any]]])
      for operation in paths.values.flatMap(\.values) {
        #expect(Set(operation["tags"] as? [String] ?? []).isSubset(of: names) && operation["tags"] != nil)
      }
    }
  }
}
