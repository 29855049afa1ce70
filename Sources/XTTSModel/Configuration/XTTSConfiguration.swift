import Foundation
import SpeechCore

/// What `config.json` says of a model: the sizes that its tensors don't, and the defaults for using it.
public struct XTTSConfiguration: Sendable, Equatable {
  /// The GPT: upstream's `gpt_*` model arguments.
  public struct GPT: Sendable, Equatable {
    public var layerCount: Int
    public var hiddenSize: Int
    public var headCount: Int
    /// Most audio codes of one segment (`gpt_max_audio_tokens`).
    public var maximumAudioCodes: Int
    /// Text tokens a segment must stay below (`gpt_max_text_tokens`), start and stop tokens not counted.
    public var maximumTextTokens: Int
    /// Audio vocabulary, start and stop codes included.
    public var audioCodeCount: Int
    public var startCode: Int
    public var stopCode: Int
    /// Samples at `inputSampleRate` that one code stands for.
    public var codeStride: Int
    /// Nil when only the vocabulary knows them, as in the published file.
    public var startTextToken: Int?
    public var stopTextToken: Int?
  }

  /// How reference audio is cut, in seconds.
  public struct Conditioning: Sendable, Equatable {
    /// Each file is used up to here (`max_ref_len`).
    public var maximumReferenceSeconds: Int
    /// All files together are used up to here for the GPT (`gpt_cond_len`).
    public var maximumSeconds: Int
    /// Length of the pieces that are encoded one by one and averaged (`gpt_cond_chunk_len`).
    public var chunkSeconds: Int
    /// Whether each file is scaled to a peak of 0.75 first.
    public var normalizesLoudness: Bool
  }

  public var gpt: GPT
  public var conditioning: Conditioning
  public var sampling: SamplingParameters
  public var languages: [Language]
  /// Hertz of the audio that the codes stand for.
  public var inputSampleRate: Int
  /// Hertz of the synthesised audio.
  public var outputSampleRate: Int
  /// Samples at the output rate that one vocoder frame becomes.
  public var outputHopLength: Int
  /// Whether every upsampling layer of the vocoder sees the speaker embedding, or only the first layer.
  public var conditionsEachUpsampling: Bool
  /// Values of a speaker embedding (`d_vector_dim`); nil when only the tensors say it.
  public var speakerEmbeddingSize: Int?

  /// Largest `config.json` that is read.
  public static let maximumByteCount = 1 << 20

  /// Reads a `config.json` as the upstream trainer writes it, bare `Infinity` included.
  /// - Throws: ``ModelError`` `unreadable` or `inconsistent`, naming the field.
  public init(json: Data) throws(ModelError) {
    guard json.count <= Self.maximumByteCount else {
      throw ModelError(.unreadable, "config.json is larger than \(Self.maximumByteCount) bytes")
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do {
      self = try decoder.decode(Self.self, from: json)
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError(.unreadable, "config.json is not a JSON object")
    }
  }
}

extension XTTSConfiguration: Decodable {
  public init(from decoder: any Decoder) throws {
    let root = try ConfigurationFields(decoder)
    let model = try root.object("model_args")
    gpt = try GPT(model)
    conditioning = Conditioning(
      maximumReferenceSeconds: try root.number("max_ref_len", in: 1...600, default: 30),
      maximumSeconds: try root.number("gpt_cond_len", in: 1...600, default: 30),
      chunkSeconds: try root.number("gpt_cond_chunk_len", in: 1...60, default: 4),
      normalizesLoudness: try root.flag("sound_norm_refs", default: false))
    sampling = SamplingParameters(
      temperature: try root.number("temperature", in: 0.05...2, default: 0.75),
      topK: try root.number("top_k", in: 1...gpt.audioCodeCount, default: 50),
      topP: try root.number("top_p", in: 0.01...1, default: 0.85),
      repetitionPenalty: try root.number("repetition_penalty", in: 1...20, default: 5))
    languages = try Self.languages(root)
    inputSampleRate = try model.number("input_sample_rate", in: 8_000...48_000)
    outputSampleRate = try model.number("output_sample_rate", in: 8_000...48_000)
    outputHopLength = try model.number("output_hop_length", in: 16...4096)
    conditionsEachUpsampling = try model.flag("cond_d_vector_in_each_upsampling_layer", default: true)
    speakerEmbeddingSize = try model.optionalNumber("d_vector_dim", in: 1...65_536)
    if let size = try model.optionalNumber("decoder_input_dim", in: 1...65_536), size != gpt.hiddenSize {
      throw ModelError(
        .inconsistent,
        "config.json: model_args.decoder_input_dim (\(size)) must equal gpt_n_model_channels (\(gpt.hiddenSize))")
    }
  }

  private static func languages(_ root: ConfigurationFields) throws -> [Language] {
    guard let tags = try root.strings("languages", atMost: 256) else { return Language.allCases }
    let known = tags.compactMap(Language.init(rawValue:))
    guard !known.isEmpty else {
      throw ModelError(.inconsistent, "config.json: languages has no language that is supported")
    }
    return known
  }
}

extension XTTSConfiguration.GPT {
  fileprivate init(_ model: ConfigurationFields) throws {
    layerCount = try model.number("gpt_layers", in: 1...256)
    hiddenSize = try model.number("gpt_n_model_channels", in: 8...16_384)
    headCount = try model.number("gpt_n_heads", in: 1...256)
    maximumAudioCodes = try model.number("gpt_max_audio_tokens", in: 1...65_536)
    maximumTextTokens = try model.number("gpt_max_text_tokens", in: 1...65_536)
    audioCodeCount = try model.number("gpt_num_audio_tokens", in: 3...65_536)
    startCode = try model.number("gpt_start_audio_token", in: 0...(audioCodeCount - 1))
    stopCode = try model.number("gpt_stop_audio_token", in: 0...(audioCodeCount - 1))
    codeStride = try model.number("gpt_code_stride_len", in: 16...16_384)
    startTextToken = try model.optionalNumber("gpt_start_text_token", in: 0...1_000_000)
    stopTextToken = try model.optionalNumber("gpt_stop_text_token", in: 0...1_000_000)
    // Upstream takes the vocabulary's count instead, so a fine-tune with more words may keep another number here.
    _ = try model.optionalNumber("gpt_number_text_tokens", in: 1...1_000_000)
    guard hiddenSize % headCount == 0 else {
      throw ModelError(
        .inconsistent,
        "config.json: model_args.gpt_n_model_channels (\(hiddenSize)) must be a multiple of gpt_n_heads (\(headCount))")
    }
    guard startCode != stopCode else {
      throw ModelError(
        .inconsistent, "config.json: model_args.gpt_start_audio_token and gpt_stop_audio_token are equal")
    }
    guard try model.flag("gpt_use_perceiver_resampler", default: false) else {
      throw ModelError(
        .inconsistent, "config.json: model_args.gpt_use_perceiver_resampler must be true: only XTTS v2 is supported")
    }
  }
}
