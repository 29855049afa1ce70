import SpeechCore

/// The `config.json` of a generated checkpoint, by upstream's schema, also in the form of the pickle that
/// `model.pth` holds.
struct ConfigurationFile {
  private typealias Entries = [(key: String, value: TorchValue)]

  static let languages = [
    "en", "es", "fr", "de", "it", "pt", "pl", "tr", "ru", "nl", "cs", "ar", "zh-cn", "hu", "ko", "ja", "hi",
  ]

  private let audio: Entries
  private let model: Entries
  private let settings: Entries

  init(_ dimensions: XTTSDimensions) {
    audio = [("sample_rate", .int(22_050)), ("output_sample_rate", .int(24_000))]
    model = Self.modelArguments(dimensions)
    settings = [
      ("languages", .list(Self.languages.map { .string($0) })),
      ("temperature", .float(0.75)),
      ("length_penalty", .float(1)),
      ("repetition_penalty", .float(5)),
      ("top_k", .int(50)),
      ("top_p", .float(0.85)),
      ("num_gpt_outputs", .int(1)),
      ("gpt_cond_len", .int(30)),
      ("gpt_cond_chunk_len", .int(4)),
      ("max_ref_len", .int(30)),
      ("sound_norm_refs", .bool(false)),
    ]
  }

  var dictionary: TorchValue {
    .dictionary(
      [("model", .string("xtts")), ("audio", .dictionary(audio)), ("model_args", .dictionary(model))] + settings)
  }

  /// As instances of upstream's classes, which `torch.load` of the published file builds.
  var pickledObject: TorchValue {
    let module = "TTS.tts.configs.xtts_config"
    return .object(
      module: module, name: "XttsConfig",
      attributes: [
        ("model", .string("xtts")),
        ("audio", .object(module: module, name: "XttsAudioConfig", attributes: audio)),
        ("model_args", .object(module: module, name: "XttsArgs", attributes: model)),
      ] + settings)
  }

  var json: String { JSONValue(dictionary).json(isIndented: true) + "\n" }

  private static func modelArguments(_ dimensions: XTTSDimensions) -> Entries {
    [
      ("gpt_batch_size", .int(1)),
      ("enable_redaction", .bool(false)),
      ("kv_cache", .bool(true)),
      ("gpt_checkpoint", .none),
      ("clvp_checkpoint", .none),
      ("decoder_checkpoint", .none),
      ("num_chars", .int(255)),
      ("tokenizer_file", .string("")),
      ("gpt_max_audio_tokens", .int(dimensions.maximumAudioCodes)),
      ("gpt_max_text_tokens", .int(dimensions.maximumTextTokens)),
      ("gpt_max_prompt_tokens", .int(70)),
      ("gpt_layers", .int(dimensions.layerCount)),
      ("gpt_n_model_channels", .int(dimensions.width)),
      ("gpt_n_heads", .int(dimensions.headCount)),
      ("gpt_number_text_tokens", .int(dimensions.textTokenCount)),
      ("gpt_start_text_token", .none),
      ("gpt_stop_text_token", .none),
      ("gpt_num_audio_tokens", .int(dimensions.audioCodeCount)),
      ("gpt_start_audio_token", .int(dimensions.startCode)),
      ("gpt_stop_audio_token", .int(dimensions.stopCode)),
      ("gpt_code_stride_len", .int(1024)),
      ("gpt_use_masking_gt_prompt_approach", .bool(true)),
      ("gpt_use_perceiver_resampler", .bool(true)),
      ("input_sample_rate", .int(22_050)),
      ("output_sample_rate", .int(24_000)),
      ("output_hop_length", .int(256)),
      ("decoder_input_dim", .int(dimensions.width)),
      ("d_vector_dim", .int(dimensions.speakerEmbeddingWidth)),
      ("cond_d_vector_in_each_upsampling_layer", .bool(true)),
      ("duration_const", .int(102_400)),
    ]
  }
}

extension JSONValue {
  /// Plain values; a tensor becomes null.
  fileprivate init(_ value: TorchValue) {
    switch value {
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .number(String(number))
    case .float(let number): self = .number(String(number))
    case .string(let text): self = .string(text)
    case .list(let elements): self = .array(elements.map { JSONValue($0) })
    case .dictionary(let entries), .orderedDictionary(let entries), .object(_, _, let entries):
      self = .object(entries.map { Member($0.key, JSONValue($0.value)) })
    case .none, .tensor: self = .null
    }
  }
}
