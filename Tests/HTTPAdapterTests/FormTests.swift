import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SpeechCore
import Testing

@testable import HTTPAdapter

/// The body of a form, as browsers and curl write it.
private func form(_ parts: [(disposition: String, content: Data)], boundary: String = "xYzZY") -> Data {
  parts.reduce(into: Data()) { body, part in
    body += Data("--\(boundary)\r\nContent-Disposition: form-data; \(part.disposition)\r\n".utf8)
    body += Data("Content-Type: application/octet-stream\r\n\r\n".utf8) + part.content + Data("\r\n".utf8)
  } + Data("--\(boundary)--\r\n".utf8)
}

@Suite struct MultipartParserTests {
  /// All events of a body that comes in pieces of this size, with the bytes of each part joined.
  private func parts(
    _ body: Data, boundary: String = "xYzZY", size: Int
  ) throws(MultipartParser.Failure) -> [(name: String, isFile: Bool, bytes: Data)] {
    var parser = MultipartParser(boundary: boundary)
    var parts: [(name: String, isFile: Bool, bytes: Data)] = []
    for start in stride(from: 0, to: body.count, by: size) {
      for event in try parser.parse(body[start..<min(start + size, body.count)]) {
        switch event {
        case .part(let name, let isFile): parts.append((name, isFile, Data()))
        case .bytes(let bytes): parts[parts.count - 1].bytes += bytes
        }
      }
    }
    try parser.finish()
    return parts
  }

  @Test func aFormIsTheSameInPiecesOfAnySize() throws {
    // Content that looks like the start of a delimiter.
    let audio = Data("\r\n--xYz\r\r\n--xYzZ\n--xYzZY".utf8) + Data((0..<3_000).map { UInt8(truncatingIfNeeded: $0) })
    let body =
      Data("preamble\r\n".utf8)
      + form([
        (#"name="display_name""#, Data("Ada".utf8)), (#"name="file"; filename="a \"b\".wav""#, audio),
        (#"name=file; filename*=UTF-8''c.wav"#, Data()),
      ]) + Data("epilogue".utf8)
    for size in [1, 2, 3, 7, 64, 1_000, body.count] {
      let parts = try parts(body, size: size)
      #expect(parts.map(\.name) == ["display_name", "file", "file"] && parts.map(\.isFile) == [false, true, true])
      #expect(parts.map(\.bytes) == [Data("Ada".utf8), audio, Data()])
    }
  }

  @Test func aCutOrMalformedFormIsRefused() {
    let body = form([(#"name="file"; filename="a""#, Data(count: 200))])
    for count in stride(from: 0, to: body.count - 4, by: 9) {
      #expect(throws: MultipartParser.Failure.malformed) { try parts(body.prefix(count), size: 50) }
    }
    #expect(throws: MultipartParser.Failure.malformed) { try parts(form([("", Data())]), size: 50) }
    #expect(throws: MultipartParser.Failure.malformed) { try parts(Data("--xYzZYmore\r\n\r\n".utf8), size: 50) }
    #expect(throws: MultipartParser.Failure.headersTooLong) {
      try parts(form([("name=\"\(String(repeating: "n", count: 9_000))\"", Data())]), size: 50)
    }
  }

  @Test func theBoundaryIsRead() {
    #expect(MultipartParser.boundary(ofContentType: "multipart/form-data; boundary=abc") == "abc")
    #expect(MultipartParser.boundary(ofContentType: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"") == "a b")
    for type in ["multipart/mixed; boundary=abc", "multipart/form-data", "multipart/form-data; boundary="] {
      #expect(MultipartParser.boundary(ofContentType: type) == nil)
    }
  }
}

@Suite struct FormTests {
  private func post(
    _ client: HTTPTestClient, _ path: String, _ parts: [(disposition: String, content: Data)],
    type: String = "multipart/form-data; boundary=xYzZY"
  ) async throws -> TestResponse {
    try await client.execute(
      uri: path, method: .post, headers: [.contentType: type], body: ByteBuffer(data: form(parts)))
  }

  private func file(_ content: String, _ name: String = "file") -> (disposition: String, content: Data) {
    (#"name="\#(name)"; filename="me.webm""#, Data(content.utf8))
  }

  @Test func aVoiceIsRegisteredFromSeveralFiles() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      let reply = try await post(
        client, "/api/v1/tts/voices",
        [
          file("one"), (#"name="display_name""#, Data("Äda".utf8)), (#"name="language""#, Data("de".utf8)),
          (#"name="consent""#, Data("I agree.".utf8)), file("two"), (#"name="pitch""#, Data("3".utf8)), file(""),
        ])
      #expect(reply.status == .created && reply.json["display_name"] as? String == "Äda")
      let first = service.registrations.withLock { $0.first }
      let form = try #require(first)
      #expect(form.samples == [.inline(Data("one".utf8)), .inline(Data("two".utf8))])
      #expect(form.language == .german && form.consent == "I agree." && form.warnings.count == 1)

      let openAI = try await post(
        client, "/v1/audio/voices", [file("one", "audio_sample"), (#"name="name""#, Data("Ada".utf8))])
      #expect(openAI.status == .ok && openAI.json["object"] as? String == "audio.voice")
      #expect(openAI.json["id"] as? String == "v1" && openAI.json["name"] as? String == "Ada")
    }
  }

  @Test func aFormHasCloningSettingsOrAFileOfLatents() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      let settings = [
        (#"name="gpt_cond_len""#, Data("12".utf8)), (#"name="sound_norm_refs""#, Data("true".utf8)), file("one"),
      ]
      #expect(try await post(client, "/api/v1/tts/voices", settings).status == .created)
      let latents = #"{"gpt_cond_latent":[[1]]}"#
      for path in ["/api/v1/tts/voices", "/v1/audio/voices"] {
        #expect(try await post(client, path, [file(latents)]).status.kind == .successful)
      }
      let read = service.registrations.withLock { $0 }
      #expect(read[0].settings.parts == ["gpt_cond_len=12", "sound_norm_refs=true"] && read[0].latents == nil)
      #expect(read[1].latents == Data(latents.utf8) && read[2].latents == read[1].latents)
      let refused = try await post(
        client, "/api/v1/tts/voices", [file("one"), (#"name="gpt_cond_chunk_len""#, Data("0".utf8))])
      #expect(refused.status.code == 422 && refused.text.contains("gpt_cond_chunk_len"))
      #expect(refused.text.contains("1 to 30"))
      let both = try await post(client, "/api/v1/tts/voices", [file("one"), file(latents)])
      #expect(both.status.code == 422 && (both.json["error"] as? [String: Any])?["field"] as? String == "file")
    }
  }

  @Test func settingsAreReplacedAndVoicesExported() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      let path = "/api/v1/tts/voices/v1"
      func put(_ json: String) async throws -> TestResponse {
        try await client.execute(
          uri: path + "/settings", method: .put, headers: [.contentType: "application/json"],
          body: ByteBuffer(string: json))
      }
      #expect(try await put(#"{"gpt_cond_len":12}"#).status == .ok)
      let change = service.registrations.withLock { $0.first }
      #expect(change?.changedVoiceID == "v1" && change?.settings.conditioningSeconds == 12)
      for (json, limit) in [(#"{"gpt_cond_len":0}"#, "1 to 600"), (#"{"max_ref_len":61}"#, "1 to 60")] {
        let refused = try await put(json)
        #expect(refused.status.code == 422 && refused.text.contains(limit))
      }
      #expect(service.refusals.withLock { $0.count } == 2)

      let file = try await client.get(path + "/latents")
      #expect(file.status == .ok && file.headers[.contentType]?.hasPrefix("application/json") == true)
      #expect(file.headers[.contentDisposition] == #"attachment; filename="voice.json""#)
      #expect(try await client.get(path + "/latents?format=safetensors").text == "safetensors")
      #expect(try await client.get(path + "/latents?format=pth").status.code == 422)
      #expect(try await client.get("/api/v1/tts/voices/v2/latents").status == .notFound)
    }
  }

  @Test func aCleanedRecordingIsSentBack() async throws {
    try await makeServer().serve { client in
      let reply = try await post(client, "/api/v1/tts/voices/clean", [file("sound")])
      #expect(reply.text == "clean sound" && reply.headers[.contentType] == "audio/wav")
      #expect(try await post(client, "/api/v1/tts/voices/clean", []).status.code == 422)
    }
  }

  @Test func errorsNameTheFormsFields() async throws {
    let service = StubService()
    try await makeServer(service).serve { client in
      let cases: [(String, [(disposition: String, content: Data)], Int, String?)] = [
        ("/api/v1/tts/voices", [(#"name="display_name""#, Data("Ada".utf8))], 422, "file"),
        ("/api/v1/tts/voices", [file("silence")], 400, "file"),
        ("/v1/audio/voices", [], 422, "audio_sample"),
        ("/v1/audio/voices", [file("silence", "audio_sample")], 400, "audio_sample"),
        ("/v1/audio/voices", [file("a"), (#"name="name""#, Data(count: 300))], 422, "name"),
        ("/api/v1/tts/voices", [file("a"), (#"name="consent""#, Data(count: 20_000))], 422, "consent"),
        ("/api/v1/tts/voices", [file("a"), (#"name="language""#, Data("no language".utf8))], 422, "language"),
        ("/api/v1/tts/voices", [file("a"), (#"name="language""#, Data([0xFF]))], 422, "language"),
        ("/api/v1/tts/voices", (0..<17).map { file("\($0)") }, 422, "file"),
      ]
      for (path, parts, status, field) in cases {
        let reply = try await post(client, path, parts)
        #expect(reply.status.code == status, "\(reply.text)")
        #expect((reply.json["error"] as? [String: Any])?["field"] as? String == field, "\(reply.text)")
      }
      let others = ["multipart/form-data", "multipart/mixed; boundary=xYzZY"]
      for type in others {
        #expect(try await post(client, "/api/v1/tts/voices", [file("a")], type: type).status.code == 415)
      }
      #expect(try await post(client, "/api/v1/tts/synthesize", [file("a")]).status.code == 415)
      let cut = "multipart/form-data; boundary=other"
      #expect(try await post(client, "/api/v1/tts/voices", [file("a")], type: cut).status.code == 400)
      let refusals = service.refusals.withLock { $0.count }
      #expect(refusals >= 10)
    }
  }

  @Test func aLargeFileIsTakenAndALargerOneRefusedWithItsLimit() async throws {
    let service = StubService()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await makeServer(service) { $0.uploadFolder = folder }.serve { client in
      let limit = 25 << 20
      let fits = (#"name="file"; filename="a.wav""#, Data(repeating: 7, count: limit))
      #expect(try await post(client, "/api/v1/tts/voices", [fits]).status == .created)
      guard case .inline(let audio)? = service.registrations.withLock({ $0.first })?.samples.first else { return }
      #expect(audio.count == limit && audio.last == 7)
      let larger = (#"name="file"; filename="a.wav""#, Data(repeating: 7, count: limit + 1))
      let refused = try await post(client, "/api/v1/tts/voices", [larger])
      #expect(refused.status == .contentTooLarge && refused.text.contains("\(limit) bytes"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
  }
}
