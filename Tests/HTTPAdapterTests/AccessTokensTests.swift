import Foundation
import Hummingbird
import SpeechCore
import Testing

@testable import HTTPAdapter

struct AccessTokensTests {
  private static let shop = "shop-token-0123456789"
  private static let file = """
    {"tokens": [
      {"name": "shop", "token": "\(shop)", "scopes": ["synthesize"]},
      {"name": "scrape", "token_sha256": "\(AccessToken.digest("scrape-token-012345").hexadecimal)",
       "scopes": ["metrics"]},
      {"name": "studio", "token": "studio-token-0123456", "scopes": ["synthesize", "voices"]},
      {"name": "operator", "token": "operator-token-01234", "scopes": ["operate", "metrics"]}]}
    """

  private func tokens(_ first: Secret? = nil) throws -> AccessTokens {
    var tokens = AccessTokens(first)
    try tokens.add(json: Data(Self.file.utf8))
    return tokens
  }

  @Test func aTokenIsFoundByItsTextOrItsDigest() throws {
    let tokens = try tokens("everything")
    #expect(tokens.token(Self.shop)?.name == "shop")
    #expect(tokens.token("scrape-token-012345")?.scopes == [.metrics])
    let all = try #require(tokens.token("everything"))
    #expect(all.name == nil && all.scopes == Set(AccessScope.allCases))
    for other in ["", "shop", Self.shop + "x", "everythin"] { #expect(tokens.token(other) == nil, "\(other)") }
  }

  @Test(arguments: [
    ("[]", "not a JSON object"), ("{}", "tokens is missing"), (#"{"tokens":[]}"#, "tokens must be a list of 1 to"),
    (#"{"tokens":[{"scopes":["voices"],"token":"0123456789abcdef"}]}"#, "tokens[0].name is missing"),
    (#"{"tokens":[{"name":"a","token":"0123456789abcdef"}]}"#, "tokens[0].scopes must have at least one"),
    (
      #"{"tokens":[{"name":"a","scopes":["admin"],"token":"0123456789abcdef"}]}"#,
      "tokens[0].scopes must be an array of synthesize, voices, operate, metrics"
    ),
    (#"{"tokens":[{"name":"a","scopes":["voices"],"token":"short"}]}"#, "at least 16 visible ASCII characters"),
    (#"{"tokens":[{"name":"a","scopes":["voices"]}]}"#, "tokens[0].token_sha256 must have 64"),
    (#"{"tokens":[{"name":"a","scopes":["voices"],"token_sha256":"zz"}]}"#, "tokens[0].token_sha256 must have 64"),
    (
      #"{"tokens":[{"name":"a","scopes":["voices"],"token":"0123456789abcdef"},{"name":"a","scopes":["voices"],"token":"0123456789abcdeF"}]}"#,
      "tokens[1].name must be there, and only once"
    ),
    (
      #"{"tokens":[{"name":"a","scopes":["voices"],"token":"0123456789abcdef"},{"name":"b","scopes":["voices"],"token":"0123456789abcdef"}]}"#,
      "tokens[1].token must differ"
    ),
  ])
  func aFaultOfTheFileNamesItsMember(json: String, message: String) {
    var tokens = AccessTokens()
    let error = #expect(throws: SpeechError.self) { try tokens.add(json: Data(json.utf8)) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func aTokenReachesTheEndpointsOfItsScopes() async throws {
    let service = StubService()
    let tokens = try tokens()
    try await makeServer(service) { $0.tokens = tokens }.serve { client in
      let speech = (path: "/api/v1/tts/synthesize", body: #"{"text":"x"}"#)
      let lexicon = (path: "/api/v1/tts/lexicons/a", body: #"{"entries":[]}"#)
      for (token, reads, speaks, changes, counts, measures) in [
        (Self.shop, 200, 200, 403, 403, 403), ("scrape-token-012345", 200, 403, 403, 403, 200),
        ("studio-token-0123456", 200, 200, 201, 403, 403), ("operator-token-01234", 200, 403, 403, 200, 200),
        ("unknown-token-012345", 401, 401, 401, 401, 401),
      ] {
        let headers: HTTPFields = [.authorization: "Bearer \(token)"]
        #expect(try await client.get("/api/v1/tts/voices", headers: headers).status.code == reads, "\(token)")
        #expect(try await client.post(speech.path, speech.body, headers: headers).status.code == speaks, "\(token)")
        let put = try await client.execute(
          uri: lexicon.path, method: .put, headers: headers.json, body: ByteBuffer(string: lexicon.body))
        #expect([changes, changes == 201 ? 200 : changes].contains(put.status.code), "\(token)")
        #expect(try await client.get("/api/v1/tts/usage", headers: headers).status.code == counts, "\(token)")
        let metrics = try await client.get("/metrics", headers: headers)
        #expect(metrics.status.code == measures, "\(token)")
        if measures == 403 {
          let error = metrics.json["error"] as? [String: Any]
          #expect(error?["message"] as? String == "the token needs the scope metrics")
        }
      }
    }
    #expect(Set(service.contexts.withLock { $0.map(\.tokenName) }) == ["shop", "studio"])
  }
}

extension HTTPFields {
  fileprivate var json: HTTPFields {
    var fields = self
    fields[.contentType] = "application/json"
    return fields
  }
}
