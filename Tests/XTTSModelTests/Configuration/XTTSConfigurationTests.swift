import Foundation
import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct XTTSConfigurationTests {
  /// All fields that are read, with small sizes, in the form of the upstream trainer.
  private static let valid = """
    {
      "max_audio_len": Infinity, "model": "xtts", "temperature": 0.6, "top_k": 20, "top_p": 0.9,
      "repetition_penalty": 4.0, "gpt_cond_len": 12, "gpt_cond_chunk_len": 3, "max_ref_len": 20,
      "sound_norm_refs": true, "languages": ["en", "zh-cn", "zh", "x!"],
      "model_args": {
        "gpt_layers": 2, "gpt_n_model_channels": 64, "gpt_n_heads": 4, "gpt_max_audio_tokens": 50,
        "gpt_max_text_tokens": 40, "gpt_num_audio_tokens": 130, "gpt_start_audio_token": 128,
        "gpt_stop_audio_token": 129, "gpt_code_stride_len": 1024, "gpt_start_text_token": null,
        "gpt_use_perceiver_resampler": true, "input_sample_rate": 22050, "output_sample_rate": 24000,
        "output_hop_length": 256, "decoder_input_dim": 64, "d_vector_dim": 512,
        "gpt_number_text_tokens": 300, "cond_d_vector_in_each_upsampling_layer": true
      }
    }
    """

  private func configuration(_ replacements: (String, String)...) throws(ModelError) -> XTTSConfiguration {
    var json = Self.valid
    for (old, new) in replacements { json = json.replacing(old, with: new) }
    return try XTTSConfiguration(json: Data(json.utf8))
  }

  @Test func readsTheFields() throws {
    let configuration = try configuration()
    #expect(configuration.gpt.layerCount == 2)
    #expect(configuration.gpt.hiddenSize == 64)
    #expect(configuration.gpt.stopCode == 129)
    #expect(
      configuration.sampling
        == SamplingParameters(temperature: 0.6, topK: 20, topP: 0.9, repetitionPenalty: 4))
    #expect(
      configuration.conditioning
        == .init(maximumReferenceSeconds: 20, maximumSeconds: 12, chunkSeconds: 3, normalizesLoudness: true))
    #expect(configuration.languages == [.english, .chinese])
    #expect(configuration.outputSampleRate == 24000)
    #expect(configuration.speakerEmbeddingSize == 512)
  }

  @Test func fillsInWhatMayBeAbsent() throws {
    let configuration = try configuration(
      (#""temperature": 0.6, "top_k": 20, "top_p": 0.9,"#, ""), (#""gpt_cond_len": 12,"#, ""),
      (#""decoder_input_dim": 64, "d_vector_dim": 512,"#, ""), (#""gpt_number_text_tokens": 300,"#, ""))
    #expect(configuration.speakerEmbeddingSize == nil)
    #expect(configuration.sampling.temperature == 0.75)
    #expect(configuration.conditioning.maximumSeconds == 30)
  }

  @Test(arguments: ["null", "6681"])
  func takesAnotherCountOfTextTokensAsUpstreamDoes(_ count: String) throws {
    _ = try configuration((#""gpt_number_text_tokens": 300"#, #""gpt_number_text_tokens": \#(count)"#))
  }

  @Test func namesValueAndLimit() {
    let error = #expect(throws: ModelError.self) {
      try configuration((#""gpt_number_text_tokens": 300"#, #""gpt_number_text_tokens": 2147483648"#))
    }
    #expect(
      error?.message
        == "config.json: model_args.gpt_number_text_tokens must be a number from 1 to 1000000, not 2147483648")
  }

  @Test(arguments: [
    (#""gpt_layers": 2"#, #""gpt_layers": "two""#, "model_args.gpt_layers"),
    (#""gpt_layers": 2"#, #""gpt_layers": 100000000"#, "model_args.gpt_layers"),
    (#""gpt_layers": 2,"#, "", "model_args.gpt_layers"),
    (#""gpt_layers": 2"#, #""gpt_layers": 2.5"#, "model_args.gpt_layers"),
    (#""gpt_n_heads": 4"#, #""gpt_n_heads": 5"#, "model_args.gpt_n_model_channels"),
    (#""gpt_stop_audio_token": 129"#, #""gpt_stop_audio_token": 130"#, "model_args.gpt_stop_audio_token"),
    (#""gpt_stop_audio_token": 129"#, #""gpt_stop_audio_token": 128"#, "model_args.gpt_start_audio_token"),
    (#""gpt_use_perceiver_resampler": true,"#, "", "model_args.gpt_use_perceiver_resampler"),
    (#""gpt_number_text_tokens": 300"#, #""gpt_number_text_tokens": 0"#, "model_args.gpt_number_text_tokens"),
    (#""d_vector_dim": 512"#, #""d_vector_dim": -1"#, "model_args.d_vector_dim"),
    (#""d_vector_dim": 512"#, #""d_vector_dim": 1e9"#, "model_args.d_vector_dim"),
    (#""decoder_input_dim": 64"#, #""decoder_input_dim": 1024"#, "model_args.decoder_input_dim"),
    (#""temperature": 0.6"#, #""temperature": NaN"#, "temperature"),
    (#""sound_norm_refs": true"#, #""sound_norm_refs": 1"#, "sound_norm_refs"),
    (#""languages": ["en", "zh-cn", "zh", "x!"]"#, #""languages": ["x!"]"#, "languages"),
    (#""languages": ["en", "zh-cn", "zh", "x!"]"#, #""languages": [1]"#, "languages"),
  ])
  func namesTheFieldAtFault(_ old: String, _ new: String, _ field: String) {
    do throws(ModelError) {
      _ = try configuration((old, new))
      Issue.record("\(new) was accepted")
    } catch {
      #expect(error.code == .inconsistent)
      #expect(error.message.contains("config.json: \(field) "), "\(error.message)")
    }
  }

  @Test func refusesWhatIsNoConfiguration() {
    for text in ["", "[]", "{", "null", #"{"model_args": 3}"#, String(repeating: "[", count: 100_000)] {
      #expect(throws: ModelError.self) { try XTTSConfiguration(json: Data(text.utf8)) }
    }
    let huge = Data(repeating: UInt8(ascii: " "), count: XTTSConfiguration.maximumByteCount + 1)
    #expect(throws: ModelError.self) { try XTTSConfiguration(json: huge) }
  }
}
