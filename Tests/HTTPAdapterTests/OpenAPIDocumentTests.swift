import Foundation
import Testing

@testable import HTTPAdapter

struct OpenAPIDocumentTests {
  @Test func describesEveryRouteAndNoOther() async throws {
    let server = makeServer()
    try await server.serve { client in
      let document = try await client.get("/openapi.json").json
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      let described = paths.flatMap { path, item in item.keys.map { "\($0) \(path)" } }.sorted()
      #expect(described == server.endpoints.map { "\($0.method.rawValue.lowercased()) \($0.path)" }.sorted())
      #expect(described.count == 42)
    }
  }

  @Test func everyReferenceLeadsSomewhere() throws {
    let json = OpenAPIDocument(endpoints: makeServer().endpoints, isProtected: true).json
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
    for match in json.matches(of: /"#\/components\/schemas\/([A-Za-z]+)"/) {
      #expect(schemas[String(match.1)] != nil)
    }
    #expect(json.contains(#""security":[{"bearer":[]}]"#))
  }
}
