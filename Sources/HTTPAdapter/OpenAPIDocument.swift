import Foundation
import Hummingbird
import SpeechCore

/// `GET /openapi.json`: OpenAPI 3.1, made from the endpoints that the router serves.
struct OpenAPIDocument {
  let endpoints: [Endpoint]
  let isProtected: Bool

  /// - Parameter json: the finished document. It describes this endpoint too.
  static func endpoint(_ json: String) -> Endpoint {
    Endpoint(
      method: .get, path: "/openapi.json", operationID: "openapi", summary: "This description.",
      answers: [200: .json("An OpenAPI 3.1 document.", ["type": "object"])], isOpen: true
    ) { _, _ in .bytes(Data(json.utf8), mediaType: "application/json") }
  }

  var json: String {
    var components: [String: JSONValue] = ["schemas": JSONValue(MessageSchemas.components)]
    if isProtected { components["securitySchemes"] = ["bearer": ["type": "http", "scheme": "bearer"]] }
    let document: JSONValue = [
      "openapi": "3.1.0",
      "info": [
        "title": "speechbus", "version": .string(Release.version),
        "description":
          "Speech from text in the caller's choice of voice. In optional fields, null and an empty string count as absent.",
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      "tags": .array(Endpoint.Tag.allCases.map { ["name": .string($0.rawValue), "description": .string($0.summary)] }),
      "servers": [["url": "/"]],
      "paths": JSONValue(paths),
      "components": JSONValue(components),
    ]
    return document.json()
  }

  private var paths: [String: JSONValue] {
    endpoints.reduce(into: [:]) { paths, endpoint in
      let method = endpoint.method.rawValue.lowercased()
      let item = paths[endpoint.path] ?? [:]
      paths[endpoint.path] = item.merging([method: operation(endpoint)])
    }
  }

  private func operation(_ endpoint: Endpoint) -> JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .string(endpoint.operationID),
      "summary": .string(endpoint.summary),
      "tags": [.string(endpoint.tag.rawValue)],
      "responses": JSONValue(responses(endpoint)),
    ]
    let parameters = endpoint.parameters.map(parameter) + (endpoint.acceptsIdempotencyKey ? [Self.idempotencyKey] : [])
    if !parameters.isEmpty { members["parameters"] = .array(parameters) }
    let bodies = [("application/json", endpoint.body), ("multipart/form-data", endpoint.form)]
    let content = bodies.compactMap { type, schema in schema.map { (type, JSONValue(["schema": $0])) } }
    if !content.isEmpty {
      members["requestBody"] = ["required": true, "content": JSONValue(Dictionary(content) { $1 })]
    }
    if isProtected, !endpoint.isOpen { members["security"] = [["bearer": []]] }
    return JSONValue(members)
  }

  private func parameter(_ parameter: Endpoint.Parameter) -> JSONValue {
    [
      "name": .string(parameter.name), "in": .string(parameter.location),
      "required": .bool(parameter.location == "path" || parameter.isRequired),
      "description": .string(parameter.description),
      "schema": parameter.schema,
    ]
  }

  private static let idempotencyKey: JSONValue = [
    "name": "Idempotency-Key", "in": "header", "required": false,
    "description": "A repeat with the same key gets the stored answer.",
    "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"],
  ]

  private static let reasons = [
    400: "The body, the recording or its address can't be used.", 401: "The token is missing or unknown.",
    403: "The token needs another scope, or the page is of another origin.", 404: "There is nothing of this name.",
    405: "The path has other methods.", 408: "The body took too long.", 409: "It contradicts an earlier request.",
    413: "The body is too large.", 415: "The body has another type.", 416: "The range is beyond the end.",
    422: "A field is missing or wrong; the error names it.", 429: "Too many requests wait; try again.",
    500: "A fault of the service.", 503: "The service can't do it now; try again.", 504: "The deadline passed.",
  ]

  private func responses(_ endpoint: Endpoint) -> [String: JSONValue] {
    var responses: [String: JSONValue] = [:]
    for (status, answer) in endpoint.answers {
      var members: [String: JSONValue] = ["description": .string(answer.description)]
      if !answer.content.isEmpty { members["content"] = JSONValue(answer.content.mapValues { ["schema": $0] }) }
      responses[String(status)] = JSONValue(members)
    }
    var errors = endpoint.errors + [405, 500]
    if endpoint.body != nil || endpoint.form != nil { errors += [408, 413, 415, 422] }
    if isProtected, !endpoint.isOpen { errors += endpoint.scope == nil ? [401] : [401, 403] }
    for status in errors where responses[String(status)] == nil {
      responses[String(status)] = [
        "description": .string(Self.reasons[status] ?? "An error."),
        "content": ["application/json": ["schema": MessageSchemas.reference("Error")]],
      ]
    }
    return responses
  }
}
