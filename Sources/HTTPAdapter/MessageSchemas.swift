import SpeechCore

/// JSON Schemas of the messages, for the OpenAPI document.
enum MessageSchemas {
  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

  static let components: [String: JSONValue] = [
    "Error": error, "SynthesisReply": synthesisReply, "TextPreview": textPreview, "VoiceSummary": voiceSummary,
    "RegisteredVoice": registeredVoice, "VoiceList": object(["voices": list(reference("VoiceSummary"))]),
    "Lexicon": lexicon, "LexiconList": object(["lexicons": list(reference("Lexicon"))]), "Configuration": configuration,
    "Health": health, "Usage": usage, "Queues": queues, "DeadLetter": deadLetter,
    "DeadLetters": object(["total": count, "messages": list(reference("DeadLetter"))]), "Requests": requests,
  ]

  static let audio: [String: JSONValue] = Dictionary(
    uniqueKeysWithValues: AudioFormat.allCases.map { ($0.mediaType, binary) })

  static let binary: JSONValue = ["type": "string", "format": "binary"]

  /// An object whose listed members are all required.
  static func object(_ members: [String: JSONValue], optional: [String: JSONValue] = [:]) -> JSONValue {
    [
      "type": "object", "required": .array(members.keys.sorted().map { .string($0) }),
      "properties": JSONValue(members.merging(optional) { $1 }),
    ]
  }

  static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

  /// An optional request field: null and an empty string count as absent.
  static func nullable(_ type: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
    guard type != "string" else { return JSONValue(["type": ["string", "null"]]).merging(more) }
    return JSONValue(["type": [.string(type), "string", "null"], "maxLength": 0]).merging(more)
  }

  /// A server-sent event; its data is JSON.
  static let event = object(["data": ["type": "string", "contentMediaType": "application/json"]])

  static let string: JSONValue = ["type": "string"]
  static let number: JSONValue = ["type": "number"]
  static let count: JSONValue = ["type": "integer", "minimum": 0]

  static let languageID: JSONValue = ["type": "string", "pattern": "^([a-z]{2,3}|zh-cn)$"]

  /// Language tags in any case, with or without a region.
  static let languageTag = nullable(
    "string",
    [
      "pattern": "^([A-Za-z]{2,8}([-_][A-Za-z0-9]+)*)?$", "example": "en",
      "description": "A language of the model, or auto.",
    ])

  private static let formatID: JSONValue = [
    "type": "string", "enum": .array(AudioFormat.allCases.map { .string($0.rawValue) }),
  ]

  static func formatName(_ usual: String) -> [String: JSONValue] {
    [
      "enum": .array(AudioFormat.allCases.map { .string($0.rawValue) } + ["", .null]),
      "description": .string("In any case. Default: \(usual)."),
    ]
  }

  /// An optional number out of a list.
  static func choice(_ values: [Int], _ description: String) -> JSONValue {
    [
      "type": ["integer", "string", "null"], "enum": .array(values.map { .number(String($0)) } + ["", .null]),
      "description": .string(description),
    ]
  }

  private static let error = object([
    "detail": [
      "oneOf": [
        string, list(object(["type": string, "loc": list(string), "msg": string])),
      ]
    ],
    "error": object(
      [
        "code": ["type": "string", "enum": .array(SpeechError.Code.allCases.map { .string($0.rawValue) })],
        "message": string, "retryable": ["type": "boolean"],
      ], optional: ["field": string, "type": string, "param": ["type": ["string", "null"]]]),
  ])

  private static let synthesisReply = object(
    [
      "status": ["type": "string", "enum": ["ok"]], "request_id": string, "format": formatID,
      "sample_rate": count, "duration_seconds": number, "speaker_id": string, "language": languageID, "seed": count,
      "sha256": ["type": "string", "pattern": "^[0-9a-f]*$"],
      "segments": list(
        object(
          ["text": string, "characters": count, "codes": count, "hit_limit": ["type": "boolean"]],
          optional: ["normalized": string])),
      "timings": object([
        "queue_seconds": number, "first_audio_seconds": number, "total_seconds": number, "real_time_factor": number,
      ]),
      "model": object([
        "repo": string, "revision": string, "sha256": string, "precision": string, "device": string,
      ]),
      "warnings": list(string),
    ],
    optional: [
      "audio_base64": ["type": "string", "contentEncoding": "base64"], "audio_url": string, "lexicon_version": string,
      "marks": list(object(["name": string, "time": number])),
    ])

  static let lexiconEntry = object(
    ["written": text(1...200), "spoken": text(1...200)],
    optional: [
      "case_sensitive": nullable("boolean"), "whole_word": nullable("boolean"), "language": languageTag,
    ])

  private static let lexicon = object(
    [
      "lexicon_id": string, "version": count, "scope": string,
      "entries": list(object(["written": string, "spoken": string], optional: ["language": languageID])),
    ], optional: ["language": languageID, "warnings": list(string)])

  private static func text(_ length: ClosedRange<Int>) -> JSONValue {
    [
      "type": "string", "minLength": .number("\(length.lowerBound)"), "maxLength": .number("\(length.upperBound)"),
      "pattern": "\\S",
    ]
  }

  private static let textPreview = object([
    "language": languageID,
    "text_normalization": [
      "type": "string", "enum": .array(NormalizationMode.allCases.map { .string($0.rawValue) }),
    ],
    "segments": list(object(["text": string, "normalized": string, "tokens": count])), "warnings": list(string),
  ])

  private static let voiceSummary = object(
    ["voice_id": string, "display_name": string, "language": languageID],
    optional: ["consent": string, "settings": RequestSchemas.cloningSettings])

  private static let registeredVoice = object(
    ["voice_id": string, "display_name": string, "language": languageID],
    optional: [
      "warnings": list(string), "settings": RequestSchemas.cloningSettings,
      "quality": object(
        [
          "score": ["type": "integer", "minimum": 0, "maximum": 100], "sound_seconds": number,
          "clipped_percent": number,
        ],
        optional: ["signal_to_noise_db": number, "echo_seconds": number]),
    ])

  private static let configuration = object([
    "model_repo": string, "model_dir": string, "languages": list(object(["id": languageID, "label": string])),
    "voices": list(reference("VoiceSummary")),
  ])

  private static let health = object(
    [
      "status": ["type": "string", "enum": ["ok", "starting", "draining", "unavailable"]],
      "components": ["type": "object", "additionalProperties": string], "version": string,
    ], optional: ["commit": string])

  private static let queues = object([
    "synthesize": string, "dead": string,
    "queues": list(object(["name": string, "messages": count, "consumers": count])),
  ])

  private static let deadLetter = object(
    ["id": string, "bytes": count, "body_is_whole": ["type": "boolean"]],
    optional: [
      "message_id": string, "correlation_id": string, "error_code": string, "error_message": string,
      "attempts": ["type": "integer"], "original_queue": string, "reply_to": string, "text": string,
      "dead_at": ["type": "string", "format": "date-time"],
    ])

  /// Rows of the audit; `speechbus audit export` writes the same members.
  private static let requests = object(
    [
      "requests": list(
        object(
          [
            "sequence": count, "action": string, "request_id": string, "transport": string,
            "received_at_ms": ["type": "integer"],
            "outcome": ["type": "string", "enum": ["ok", "replayed", "error"]],
          ],
          optional: [
            "user_id": string, "token": string, "error_code": string, "language": languageID, "voice_id": string,
            "characters": count, "audio_seconds": number, "queue_seconds": number, "first_audio_seconds": number,
            "total_seconds": number,
          ]))
    ], optional: ["next": count])

  private static let usage = object([
    "usage": list(
      object([
        "user_id": string, "day": ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"], "requests": count,
        "errors": count, "characters": count, "audio_seconds": number,
      ]))
  ])
}
