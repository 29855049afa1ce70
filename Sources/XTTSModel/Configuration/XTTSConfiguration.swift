import Foundation
import SpeechCore

/// The content of a model's `config.json`: the sizes that the tensors don't show, and the default settings.
public struct XTTSConfiguration: Sendable, Equatable {
  /// The GPT: upstream's `gpt_*` model arguments.
  public struct GPT: Sendable, Equatable {
    /// The number of transformer blocks.
    public var layerCount: Int
    /// The width of the hidden states.
    public var hiddenSize: Int
    /// The number of attention heads.
    public var headCount: Int
    /// The largest number of audio codes of one segment (`gpt_max_audio_tokens`).
    public var maximumAudioCodes: Int
    /// A segment must have fewer text tokens than this (`gpt_max_text_tokens`), start and stop tokens not counted.
    public var maximumTextTokens: Int
    /// The size of the audio vocabulary, start and stop codes included.
    public var audioCodeCount: Int
    /// The code before the first audio code.
    public var startCode: Int
    /// The code after the last audio code.
    public var stopCode: Int
    /// Samples at `inputSampleRate` per code.
    public var codeStride: Int
  }

  /// The lengths to which reference audio is cut, in seconds.
  public struct Conditioning: Sendable, Equatable {
    /// The used length of each file (`max_ref_len`).
    public var maximumReferenceSeconds: Int
    /// The used length of all files together for the GPT (`gpt_cond_len`).
    public var maximumSeconds: Int
    /// The length of the pieces that are encoded separately and averaged (`gpt_cond_chunk_len`).
    public var chunkSeconds: Int
    /// Whether each file is first scaled to a peak of 0.75.
    public var normalizesLoudness: Bool

    /// Takes over the values that a voice has.
    mutating func apply(_ settings: CloningSettings) {
      maximumReferenceSeconds = settings.maximumReferenceSeconds ?? maximumReferenceSeconds
      maximumSeconds = settings.conditioningSeconds ?? maximumSeconds
      chunkSeconds = settings.chunkSeconds ?? chunkSeconds
      normalizesLoudness = settings.normalizesLoudness ?? normalizesLoudness
    }
  }

  /// The sizes of the GPT.
  public var gpt: GPT
  /// The lengths of reference audio.
  public var conditioning: Conditioning
  /// The default sampling parameters.
  public var sampling: SamplingParameters
  /// The languages of the checkpoint.
  public var languages: [Language]
  /// The sample rate of the audio that the codes represent, in hertz.
  public var inputSampleRate: Int
  /// The sample rate of the synthesised audio, in hertz.
  public var outputSampleRate: Int
  /// Samples at the output rate per vocoder frame.
  public var outputHopLength: Int
  /// Whether every upsampling layer of the vocoder gets the speaker embedding, or only the first layer.
  public var conditionsEachUpsampling: Bool
  /// The size of a speaker embedding (`d_vector_dim`); nil when only the tensors show it.
  public var speakerEmbeddingSize: Int?

  /// The largest `config.json` that is read: 1 MiB.
  public static let maximumByteCount = 1 << 20

  /// Reads the `config.json` at `path`, as ``init(json:)`` does.
  public init(path: String) throws(ModelError) {
    let json: Data
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      // One byte more than allowed is read, to detect a file that is too large.
      json = try handle.read(upToCount: Self.maximumByteCount + 1) ?? Data()
    } catch {
      throw ModelError(.unreadable, "can't read \(path)")
    }
    try self.init(json: json)
  }

  /// Reads a `config.json` in the form of the upstream trainer, which may contain a bare `Infinity`.
  /// - Throws: ``ModelError`` `unreadable` or `inconsistent`, naming the field.
  public init(json: Data) throws(ModelError) {
    guard json.count <= Self.maximumByteCount else {
      throw ModelError(.unreadable, "config.json is larger than \(Self.maximumByteCount) bytes")
    }
    let root: StrictFields<ModelError>
    do {
      root = try StrictFields(json: json, allowsJSON5: true) { field, problem, value in
        ModelError(.inconsistent, "config.json: \(field) \(problem)" + (value.map { ", not \($0)" } ?? ""))
      }
    } catch {
      throw ModelError(.unreadable, "config.json is not a JSON object")
    }
    try self.init(root)
  }
}

extension XTTSConfiguration {
  private init(_ root: StrictFields<ModelError>) throws(ModelError) {
    let model = try root.required("model_args", root.object("model_args"))
    gpt = try GPT(model)
    conditioning = Conditioning(
      maximumReferenceSeconds: try root.number("max_ref_len", in: 1...600) ?? 30,
      maximumSeconds: try root.number("gpt_cond_len", in: 1...600) ?? 30,
      chunkSeconds: try root.number("gpt_cond_chunk_len", in: 1...60) ?? 4,
      normalizesLoudness: try root.flag("sound_norm_refs") ?? false)
    sampling = SamplingParameters(
      temperature: try root.number("temperature", in: 0.05...2) ?? 0.75,
      topK: try root.number("top_k", in: 1...gpt.audioCodeCount) ?? 50,
      topP: try root.number("top_p", in: 0.01...1) ?? 0.85,
      repetitionPenalty: try root.number("repetition_penalty", in: 1...20) ?? 5)
    languages = try Self.languages(root)
    inputSampleRate = try model.required("input_sample_rate", model.number("input_sample_rate", in: 8_000...48_000))
    outputSampleRate = try model.required("output_sample_rate", model.number("output_sample_rate", in: 8_000...48_000))
    outputHopLength = try model.required("output_hop_length", model.number("output_hop_length", in: 16...4096))
    conditionsEachUpsampling = try model.flag("cond_d_vector_in_each_upsampling_layer") ?? true
    speakerEmbeddingSize = try model.number("d_vector_dim", in: 1...65_536)
    if let size = try model.number("decoder_input_dim", in: 1...65_536), size != gpt.hiddenSize {
      throw ModelError(
        .inconsistent,
        "config.json: model_args.decoder_input_dim (\(size)) must equal gpt_n_model_channels (\(gpt.hiddenSize))")
    }
  }

  private static func languages(_ root: StrictFields<ModelError>) throws(ModelError) -> [Language] {
    guard let tags = try root.value("languages", "a list of strings", as: [String].self) else {
      return Language.allCases
    }
    let known = tags.compactMap(Language.init(tag:)).reduce(into: [Language]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    guard !known.isEmpty else {
      throw ModelError(.inconsistent, "config.json: languages has no language that is supported")
    }
    return known
  }
}

extension XTTSConfiguration.GPT {
  fileprivate init(_ model: StrictFields<ModelError>) throws(ModelError) {
    layerCount = try model.required("gpt_layers", model.number("gpt_layers", in: 1...256))
    hiddenSize = try model.required("gpt_n_model_channels", model.number("gpt_n_model_channels", in: 8...16_384))
    headCount = try model.required("gpt_n_heads", model.number("gpt_n_heads", in: 1...256))
    maximumAudioCodes = try model.required("gpt_max_audio_tokens", model.number("gpt_max_audio_tokens", in: 1...65_536))
    maximumTextTokens = try model.required("gpt_max_text_tokens", model.number("gpt_max_text_tokens", in: 8...65_536))
    audioCodeCount = try model.required("gpt_num_audio_tokens", model.number("gpt_num_audio_tokens", in: 3...65_536))
    startCode = try model.required(
      "gpt_start_audio_token", model.number("gpt_start_audio_token", in: 0...(audioCodeCount - 1)))
    stopCode = try model.required(
      "gpt_stop_audio_token", model.number("gpt_stop_audio_token", in: 0...(audioCodeCount - 1)))
    codeStride = try model.required("gpt_code_stride_len", model.number("gpt_code_stride_len", in: 16...16_384))
    // Upstream uses the vocabulary instead of these, so a fine-tune with more words may have other numbers here.
    for name in ["gpt_start_text_token", "gpt_stop_text_token"] { _ = try model.number(name, in: 0...1_000_000) }
    _ = try model.number("gpt_number_text_tokens", in: 1...1_000_000)
    guard hiddenSize % headCount == 0 else {
      throw ModelError(
        .inconsistent,
        "config.json: model_args.gpt_n_model_channels (\(hiddenSize)) must be a multiple of gpt_n_heads (\(headCount))")
    }
    guard startCode != stopCode else {
      throw ModelError(
        .inconsistent, "config.json: model_args.gpt_start_audio_token and gpt_stop_audio_token are equal")
    }
    guard try model.flag("gpt_use_perceiver_resampler") ?? false else {
      throw ModelError(
        .inconsistent, "config.json: model_args.gpt_use_perceiver_resampler must be true: only XTTS v2 is supported")
    }
  }
}
