import Foundation
import Hummingbird
import SpeechCore

/// `GET /asyncapi.json`: the description of the bus, with the schemas of its messages. The files are those of `schemas/`.
enum BusDescription {
  static let endpoint = Endpoint(
    method: .get, path: "/asyncapi.json", operationID: "asyncapi", summary: "The description of the bus.",
    answers: [200: .json("An AsyncAPI 3.0 document.", ["type": "object"])], isOpen: true
  ) { _, _ in .bytes(Data(document.utf8), mediaType: "application/json") }

  static let schemas: [String: [UInt8]] = [
    "config-reply": PackageResources.config_reply_schema_json,
    "config-request": PackageResources.config_request_schema_json,
    "control": PackageResources.control_schema_json,
    "error-reply": PackageResources.error_reply_schema_json,
    "lexicon-delete-reply": PackageResources.lexicon_delete_reply_schema_json,
    "lexicon-delete-request": PackageResources.lexicon_delete_request_schema_json,
    "lexicon-list-reply": PackageResources.lexicon_list_reply_schema_json,
    "lexicon-list-request": PackageResources.lexicon_list_request_schema_json,
    "lexicon-put-reply": PackageResources.lexicon_put_reply_schema_json,
    "lexicon-put-request": PackageResources.lexicon_put_request_schema_json,
    "synthesis-chunk": PackageResources.synthesis_chunk_schema_json,
    "synthesis-reply": PackageResources.synthesis_reply_schema_json,
    "synthesis-request": PackageResources.synthesis_request_schema_json,
    "voice-delete-reply": PackageResources.voice_delete_reply_schema_json,
    "voice-delete-request": PackageResources.voice_delete_request_schema_json,
    "voice-list-reply": PackageResources.voice_list_reply_schema_json,
    "voice-list-request": PackageResources.voice_list_request_schema_json,
    "voice-register-reply": PackageResources.voice_register_reply_schema_json,
    "voice-register-request": PackageResources.voice_register_request_schema_json,
  ]

  static let document = inlined(parsed(PackageResources.asyncapi_json)).json()

  private static func parsed(_ file: [UInt8]) -> JSONValue {
    file.withUnsafeBytes { (try? JSONValue(parsing: $0)) ?? .null }
  }

  /// Each schema in place of the reference to its file.
  private static func inlined(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(inlined))
    case .object(let members):
      if let name = value["$ref"]?.text, name.hasPrefix("./"),
        let file = schemas[String(name.dropFirst(2).prefix { $0 != "." })]
      {
        return parsed(file)
      }
      return .object(members.map { .init($0.name, inlined($0.value)) })
    default: return value
    }
  }
}
