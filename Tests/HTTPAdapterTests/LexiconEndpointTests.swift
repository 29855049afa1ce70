import HTTPTypes
import Hummingbird
import NIOCore
import SpeechCore
import Testing

@testable import HTTPAdapter

/// `/api/v1/tts/lexicons`.
struct LexiconEndpointTests {
  private let path = "/api/v1/tts/lexicons"

  private func put(_ id: String, _ json: String, _ client: HTTPTestClient) async throws -> TestResponse {
    try await client.execute(
      uri: "\(path)/\(id)", method: .put, headers: [.contentType: "application/json"], body: ByteBuffer(string: json))
  }

  @Test func lexiconsAreStoredListedShownAndDeleted() async throws {
    try await makeServer().serve { client in
      let body = #"""
        {"language":"de","scope":"ada","entries":[{"written":"SQL","spoken":"Sikwel"},
        {"written":"US","spoken":"U S","case_sensitive":true,"whole_word":false}]}
        """#
      let created = try await put("words", body, client)
      #expect(created.status == .created && created.json["lexicon_id"] as? String == "words")
      #expect(created.json["language"] as? String == "de" && created.json["scope"] as? String == "ada")
      let entries = try #require(created.json["entries"] as? [[String: Any]])
      #expect(entries[0]["case_sensitive"] as? Bool == false && entries[0]["whole_word"] as? Bool == true)
      #expect(entries[1]["case_sensitive"] as? Bool == true && entries[1]["whole_word"] as? Bool == false)
      #expect(try await put("names", #"{"entries":[]}"#, client).status == .ok)
      let list = try #require(try await client.get(path).json["lexicons"] as? [[String: Any]])
      #expect(list.map { $0["lexicon_id"] as? String } == ["names"])
      #expect(try await client.get("\(path)/names").json["version"] as? Int == 1)
      let deleted = try await client.execute(uri: "\(path)/names", method: .delete)
      #expect(deleted.status == .noContent && deleted.text.isEmpty)
    }
  }

  @Test func unknownLexiconsAreNotFound() async throws {
    try await makeServer().serve { client in
      for method in [HTTPRequest.Method.get, .delete] {
        let answer = try await client.execute(uri: "\(path)/none", method: method)
        #expect(answer.status == .notFound && answer.errorCode == "unknown_lexicon")
      }
      let reply = try await client.post("/api/v1/tts/synthesize", #"{"text":"unknown_lexicon"}"#)
      #expect(reply.status == .notFound)
    }
  }

  @Test(arguments: [
    ("names", "{", nil, "JSON"), ("names", "{}", "entries", "missing"),
    ("names", #"{"entries":{}}"#, "entries", "list of 0 to 5000"),
    ("names", #"{"entries":[{"written":"a"}]}"#, "entries[0].spoken", "missing"),
    ("names", #"{"entries":[{"written":" ","spoken":"b"}]}"#, "entries[0]", "1 to 200"),
    ("names", #"{"entries":[{"written":"a","spoken":"LONG"}]}"#, "entries[0]", "1 to 200"),
    (
      "names", #"{"entries":[{"written":"a","spoken":"b","whole_word":"yes"}]}"#, "entries[0].whole_word",
      "true or false"
    ),
    ("names", #"{"entries":MANY}"#, "entries", "5000"),
    ("names", #"{"language":"1!","entries":[]}"#, "language", "language of the model"),
    ("names", #"{"scope":"LONG","entries":[]}"#, "scope", "128"),
    ("a%20b", #"{"entries":[]}"#, "lexicon_id", "1 to 64"), ("LONG", #"{"entries":[]}"#, "lexicon_id", "1 to 64"),
  ])
  func badValuesNameFieldAndLimit(id: String, body: String, field: String?, limit: String) async throws {
    let long = String(repeating: "a", count: 201)
    let many = "[" + Array(repeating: #"{"written":"a","spoken":"b"}"#, count: 5_001).joined(separator: ",") + "]"
    let service = StubService()
    try await makeServer(service).serve { client in
      let answer = try await put(
        id.replacing("LONG", with: long), body.replacing("LONG", with: long).replacing("MANY", with: many), client)
      #expect(answer.status == .unprocessableContent)
      let error = try #require(answer.json["error"] as? [String: Any])
      #expect(error["field"] as? String == field && (error["message"] as? String)?.contains(limit) == true, "\(error)")
    }
  }
}
