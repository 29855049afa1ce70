import Foundation
import HTTPTypes
import Hummingbird
import SpeechCore
import Testing

@testable import HTTPAdapter

struct OperatorEndpointTests {
  private static let path = "/api/v1/tts/dead"

  @Test func queuesAndDeadLettersAreListed() async throws {
    try await makeServer().serve { client in
      let queues = try await client.get("/api/v1/tts/queues").json
      #expect(queues["dead"] as? String == "tts.dead" && (queues["queues"] as? [[String: Any]])?.count == 1)
      let page = try await client.get("\(Self.path)?limit=7").json
      #expect(page["total"] as? Int == 7)
      #expect((page["messages"] as? [[String: Any]])?.first?["id"] as? String == "d1")
    }
  }

  @Test func aSettledMessageIsRecordedWithItsToken() async throws {
    let service = StubService()
    var tokens = AccessTokens()
    try tokens.add(
      json: Data(
        #"{"tokens":[{"name":"ops","token":"operator-token-01234","scopes":["operate"]}]}"#.utf8))
    let allTokens = tokens
    try await makeServer(service) { $0.tokens = allTokens }.serve { client in
      let headers: HTTPFields = [.authorization: "Bearer operator-token-01234"]
      let requeued = try await client.execute(
        uri: "\(Self.path)/order%2F1/requeue", method: .post, headers: headers)
      #expect(requeued.status == .ok && requeued.json["id"] as? String == "d1")
      let dropped = try await client.execute(uri: "\(Self.path)/d1", method: .delete, headers: headers)
      #expect(dropped.status == .ok)
      let unknown = try await client.execute(uri: "\(Self.path)/d2", method: .delete, headers: headers)
      #expect(unknown.status == .notFound)
    }
    let records = service.records.withLock { $0 }
    #expect(records.map(\.action) == [.requeueDeadLetter, .dropDeadLetter])
    #expect(records.allSatisfy { $0.tokenName == "ops" && $0.settings["message_id"] == "order/1" })
  }

  @Test func recordedRequestsAreSelected() async throws {
    try await makeServer().serve { client in
      let page = try await client.get("/api/v1/tts/requests?outcome=error&user_id=b%20o&before=40&limit=3").json
      let row = try #require((page["requests"] as? [[String: Any]])?.first)
      #expect(row["outcome"] as? String == "error" && row["user_id"] as? String == "b o")
      #expect(row["sequence"] as? Int == 40 && row["limit"] as? Int == 3 && page["next"] as? Int == 39)
      #expect(try await client.get("/api/v1/tts/requests").json["next"] == nil)
    }
  }

  @Test(arguments: [
    ("dead?limit=0", "limit"), ("dead?limit=201", "limit"), ("dead?limit=+5", "limit"), ("dead?limit=", "limit"),
    ("requests?outcome=lost", "outcome"), ("requests?before=0", "before"),
    ("requests?before=99999999999999999999", "before"),
  ])
  func oddParametersAreRefused(path: String, field: String) async throws {
    try await makeServer().serve { client in
      let reply = try await client.get("/api/v1/tts/\(path)")
      #expect(reply.status == .unprocessableContent)
      #expect((reply.json["detail"] as? [[String: Any]])?.first?["loc"] as? [String] == ["query", field])
    }
  }

  @Test func theScopeIsOperate() async throws {
    for endpoint in makeServer().endpoints where endpoint.tag == .operation {
      #expect(endpoint.scope == .operate)
    }
    #expect(makeServer().endpoints.count { $0.tag == .operation } == OperatorEndpoints.paths.count)
  }
}
