import SpeechCore

/// JSON Schemas of the request bodies; unknown fields are allowed, and answered with a warning.
enum RequestSchemas {
  private typealias Schema = MessageSchemas

  static func synthesis(maximumText: Int) -> JSONValue {
    MessageSchemas.object(
      ["text": text(maximumText)],
      optional: audioReference.merging(generation) { $1 }.merging([
        "input_type": Schema.nullable(
          "string",
          [
            "enum": ["text", "ssml", "", nil],
            "description": "ssml for a text in SSML; a text that starts with <speak is SSML in any case.",
          ]),
        "speaker_id": Schema.nullable("string", ["description": "A voice's id, a speaker's name, or default."]),
        "format": Schema.nullable("string", Schema.formatName("wav, and pcm for a stream")),
        "stream": Schema.nullable("boolean", ["description": "Answer with bare audio, as it is made."]),
        "temperature": Schema.nullable("number", ["minimum": 0.05, "maximum": 2]),
        "top_k": Schema.nullable("integer", ["minimum": 1, "maximum": 1026]),
        "top_p": Schema.nullable("number", ["exclusiveMinimum": 0, "maximum": 1]),
        "repetition_penalty": Schema.nullable("number", ["minimum": 1, "maximum": 20]),
        "enable_text_splitting": Schema.nullable("boolean"),
        "store_generated_audio": Schema.nullable("boolean"),
      ]) { $1 })
  }

  static func preview(maximumText: Int) -> JSONValue {
    MessageSchemas.object(
      ["text": text(maximumText)],
      optional: reading.merging(["enable_text_splitting": Schema.nullable("boolean")]) { $1 })
  }

  static let registration: JSONValue = MessageSchemas.object(
    [:],
    optional: audioReference.merging([
      "display_name": Schema.nullable("string", ["maxLength": 200]),
      "language": Schema.languageTag,
      "samples": Schema.nullable(
        "array",
        [
          "maxItems": 16,
          "items": MessageSchemas.object([:], optional: audioReference).merging(["anyOf": needsAudio]),
        ]),
      "user_id": userID,
      "source_note": Schema.nullable("string", ["maxLength": 2000]),
      "consent": Schema.nullable(
        "string", ["maxLength": 2000, "description": "The statement of consent; erased with the voice."]),
      "clean_reference": Schema.nullable("boolean", ["description": .string(cleaning)]),
      "latents_base64": Schema.nullable(
        "string",
        [
          "contentEncoding": "base64",
          "description":
            "In place of recordings: a .json, .safetensors or .pth file with gpt_cond_latent and speaker_embedding.",
        ]),
      "voice_id": Schema.nullable(
        "string", ["maxLength": 64, "description": "In place of recordings: the voice whose settings are replaced."]),
    ]) { $1 }.merging(settings) { $1 }
  ).merging([
    "anyOf": .array(
      needsAudioList + [["required": ["samples"], "properties": ["samples": ["type": "array", "minItems": 1]]]]
        + ["latents_base64", "voice_id"].map(needed))
  ])

  /// The cloning settings of a voice.
  static let cloningSettings: JSONValue = Schema.object([:], optional: settings)

  private static let settings: [String: JSONValue] = [
    "gpt_cond_len": seconds(
      CloningSettings.conditioningSecondsRange, "that the GPT gets, from all recordings together"),
    "gpt_cond_chunk_len": seconds(CloningSettings.chunkSecondsRange, "of each piece; the pieces are averaged"),
    "max_ref_len": seconds(CloningSettings.maximumReferenceSecondsRange, "of each recording"),
    "sound_norm_refs": Schema.nullable("boolean", ["description": "Scale each recording to a peak of 0.75."]),
  ]

  private static func seconds(_ range: ClosedRange<Int>, _ what: String) -> JSONValue {
    Schema.nullable(
      "integer",
      [
        "minimum": .number("\(range.lowerBound)"), "maximum": .number("\(range.upperBound)"),
        "description": .string("Seconds \(what). Default: the model's."),
      ])
  }

  static let registrationForm: JSONValue = MessageSchemas.object(
    ["file": files],
    optional: [
      "display_name": ["type": "string", "maxLength": 200], "language": Schema.languageTag,
      "user_id": ["type": "string", "maxLength": 128], "source_note": ["type": "string", "maxLength": 2000],
      "consent": ["type": "string", "maxLength": 2000],
      "clean_reference": ["type": "boolean", "description": .string(cleaning)],
    ].merging(settings) { $1 })

  private static let cleaning =
    "Trims silence, lowers rumble and noise, and makes the loudness -23 LUFS. Default: false."

  /// A recording that is sent back cleaned.
  static let cleaningForm: JSONValue = MessageSchemas.object(["file": ["type": "string", "format": "binary"]])

  static let openAIVoiceForm: JSONValue = MessageSchemas.object(
    ["audio_sample": files],
    optional: [
      "name": ["type": "string", "maxLength": 200], "consent": ["type": "string", "maxLength": 2000],
      "language": Schema.languageTag,
    ])

  private static let files: JSONValue = [
    "type": "array", "minItems": 1, "maxItems": .number("\(UploadLimits.files)"),
    "items": ["type": "string", "format": "binary"],
    "description": .string(
      "Recordings of the voice, each of at most \(UploadLimits.fileBytes >> 20) MiB, or one file with its latents."),
  ]

  static func openAISpeech(maximumText: Int) -> JSONValue {
    MessageSchemas.object(
      ["input": text(maximumText)],
      optional: generation.merging([
        "model": Schema.nullable("string", ["description": "Taken as given: one model is served."]),
        "voice": [
          "description": "A voice's id or a speaker's name; OpenAI's own names mean the default voice.",
          "anyOf": [["type": ["string", "null"]], MessageSchemas.object(["id": Schema.string])],
        ],
        "response_format": Schema.nullable("string", Schema.formatName("mp3")),
        "stream_format": Schema.nullable("string", ["enum": ["audio", "sse", "", nil]]),
        "user": userID,
      ]) { $1 })
  }

  /// The fields of a request of xtts-api-server, in a body or a query; all but the first are optional.
  static func xttsServerFields(maximumText: Int) -> [(name: String, schema: JSONValue)] {
    let speaker = "A voice's id or a speaker's name. Folders in front and .wav at the end count for nothing."
    return [
      ("text", text(maximumText)), ("speaker_wav", ["type": "string", "description": .string(speaker)]),
      ("language", Schema.languageTag.merging(["type": "string"])),
    ]
  }

  private static func text(_ maximumText: Int) -> JSONValue {
    [
      "type": "string", "minLength": 1, "maxLength": .number(String(maximumText)), "pattern": "\\S",
      "example": "Good morning.",
    ]
  }

  private static let userID: JSONValue = [
    "type": ["string", "integer", "null"], "maxLength": 128, "minimum": .number(String(Int64.min)),
    "maximum": .number(String(Int64.max)), "description": "A whole number counts as its digits.",
  ]

  /// The body that stores a lexicon.
  static let lexicon = Schema.object(
    ["entries": ["type": "array", "maxItems": 5000, "items": Schema.lexiconEntry]],
    optional: [
      "language": Schema.languageTag,
      "scope": Schema.nullable(
        "string", ["maxLength": 128, "description": "service, or the user_id that may name the lexicon."]),
    ])

  private static let pause = Schema.nullable("number", ["minimum": 0, "maximum": 10])

  /// The language and the rules of a reading.
  private static let reading: [String: JSONValue] = [
    "pause_sentence_seconds": pause, "pause_paragraph_seconds": pause,
    "drop_final_period": Schema.nullable("string", ["enum": ["auto", "always", "never", "", nil]]),
    "lexicon": [
      "type": ["object", "array", "string", "null"],
      "additionalProperties": ["type": "string", "maxLength": 200], "maxProperties": 1000,
      "items": ["type": "string"], "maxItems": 8,
      "description": "Respellings for this request, written to spoken; or the id of a lexicon, or up to 8 ids.",
    ],
    "language": Schema.languageTag,
    "text_normalization": Schema.nullable(
      "string",
      [
        "enum": .array(NormalizationMode.allCases.map { .string($0.rawValue) } + [.null]),
        "description": "The rules that rewrite the text for the model. Default: the service's, which is extended.",
      ]),
  ]

  private static let generation: [String: JSONValue] = reading.merging([
    "include": Schema.nullable(
      "array",
      [
        "items": ["type": "string", "enum": .array(ReplyPart.allCases.map { .string($0.rawValue) })],
        "description":
          "Further parts of a JSON reply. normalized: each segment's text as the tokenizer gets it; words: reserved.",
      ]),
    "seed": Schema.nullable("integer", ["minimum": 0, "maximum": .number(String(UInt64.max))]),
    "speed": Schema.nullable("number", ["minimum": 0.25, "maximum": 4]),
    "sample_rate": Schema.choice(AudioEncoding.sampleRates, "Hertz. Default: 24000, and 8000 for mulaw and alaw."),
    "channels": Schema.choice([1, 2], "2 has the same sound twice. Default: 1."),
    "bitrate": Schema.nullable(
      "integer",
      [
        "minimum": .number("\(AudioEncoding.bitrates.lowerBound)"),
        "maximum": .number("\(AudioEncoding.bitrates.upperBound)"),
        "description": "Bits per second, for mp3, opus, aac and m4a.",
      ]),
    "loudness": Schema.nullable(
      "number",
      [
        "minimum": .number("\(Int(AudioEncoding.loudness.lowerBound))"),
        "maximum": .number("\(Int(AudioEncoding.loudness.upperBound))"),
        "description": "Integrated loudness in LUFS (EBU R 128). The audio is then sent whole; not with stream.",
      ]),
    "user_id": userID,
  ]) { $1 }

  private static let audioReference: [String: JSONValue] = [
    "speaker_wav_base64": Schema.nullable(
      "string",
      [
        "contentEncoding": "base64",
        "description": .string(
          "\(AudioSignature.allKinds) (without FFmpeg the first four), in either alphabet, with or without padding and line breaks, or as a data URL."
        ),
      ]),
    "speaker_wav_url": Schema.nullable(
      "string", ["description": "http or https, on the public internet."]),
  ]

  private static let needsAudioList = ["speaker_wav_base64", "speaker_wav_url"].map(needed)

  private static func needed(_ name: String) -> JSONValue {
    ["required": [.string(name)], "properties": [name: ["type": "string", "minLength": 1]]]
  }

  private static let needsAudio = JSONValue.array(needsAudioList)
}
