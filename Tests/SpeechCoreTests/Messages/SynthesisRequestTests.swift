import Foundation
import SpeechCore
import Testing

@Suite struct SynthesisRequestTests {
  private func decode(_ json: String) throws -> SynthesisRequest {
    try SynthesisRequest.decode(Data(json.utf8))
  }

  @Test func fillsInDefaults() throws {
    let request = try decode(#"{"text": "hi"}"#)
    #expect(request == SynthesisRequest(text: "hi"))
    #expect(request.voice == .named("default"))
    #expect(request.format == .wav && !request.stream && request.enableTextSplitting && request.speed == 1)
  }

  @Test func readsEveryField() throws {
    let request = try decode(
      #"""
      {"text": "ola", "language": "pt_BR", "speaker_id": "Ada", "format": "opus", "stream": true, "top_p": 0.5,
       "seed": 18446744073709551615, "temperature": 0.1, "top_k": 3, "repetition_penalty": 2, "speed": 1.5,
       "enable_text_splitting": false, "store_generated_audio": true, "user_id": "u", "surprise": 1,
       "text_normalization": "upstream", "include": ["words", "normalized", "words"]}
      """#)
    #expect(request.language == .portuguese)
    #expect(request.voice == .named("Ada"))
    #expect(request.format == .opus && request.stream)
    #expect(request.seed == .max)
    #expect(request.temperature == 0.1 && request.topK == 3 && request.topP == 0.5 && request.repetitionPenalty == 2)
    #expect(!request.enableTextSplitting && request.storeGeneratedAudio && request.userID == "u")
    #expect(request.normalization == .upstream && request.include == [.normalized, .words])
    #expect(request.warnings == ["unknown field ignored: surprise", "include: this version sends no words"])
  }

  @Test func inlineAudioMayBeADataURL() throws {
    #expect(try decode(#"{"text": "a", "speaker_wav_base64": "UklGRg=="}"#).voice == .inline(Data("RIFF".utf8)))
    #expect(
      try decode(#"{"text": "a", "speaker_wav_base64": "data:audio/wav;base64,UklGRg=="}"#).voice
        == .inline(Data("RIFF".utf8)))
  }

  @Test func anEmptyVoiceFieldCountsAsAbsent() throws {
    #expect(try decode(#"{"text": "a", "speaker_wav_base64": "", "speaker_id": "Ada"}"#).voice == .named("Ada"))
  }

  @Test func aStreamHasItsFormatOrPlainSamples() throws {
    #expect(try decode(#"{"text": "a", "stream": true}"#).format == .pcm)
    #expect(try decode(#"{"text": "a", "stream": true, "format": "wav"}"#).format == .wav)
  }

  @Test func theFormOfTheAudioIsRead() throws {
    let plain = try decode(#"{"text": "a"}"#).encoding
    #expect(plain == AudioEncoding(.wav, sampleRate: 24_000, channels: 1))
    #expect(try decode(#"{"text": "a", "format": "ALAW"}"#).encoding == AudioEncoding(.alaw, sampleRate: 8_000))
    let request = try decode(
      #"{"text": "a", "format": "m4a", "sample_rate": 44100, "channels": 2, "bitrate": 96000, "loudness": -16}"#)
    #expect(request.encoding == AudioEncoding(.m4a, sampleRate: 44_100, channels: 2, bitrate: 96_000))
    #expect(request.loudness == -16 && request.warnings == [])
    #expect(try SynthesisRequest.decode(JSONEncoder().encode(request)) == request)
    // The largest of the format at the sample rate.
    let narrow = try decode(#"{"text": "a", "format": "mp3", "sample_rate": 8000, "bitrate": 320000}"#)
    #expect(narrow.encoding.bitrate == 64_000 && narrow.warnings[0].contains("64000"))
  }

  @Test(
    arguments: [
      ("not json", SpeechError.Code.invalidJSON, nil),
      ("{\"text\": \"a\"", .invalidJSON, nil),
      ("[1]", .invalidRequest, nil),
      ("\"text\"", .invalidRequest, nil),
      (#"{}"#, .invalidRequest, "text"),
      (#"{"text": 5}"#, .invalidRequest, "text"),
      (#"{"text": null}"#, .invalidRequest, "text"),
      (#"{"text": ""}"#, .textEmpty, "text"),
      (#"{"text": " \n\t\u00a0"}"#, .textEmpty, "text"),
      (#"{"text": "a", "language": "x!"}"#, .unsupportedLanguage, "language"),
      (#"{"text": "a", "language": 3}"#, .invalidRequest, "language"),
      (#"{"text": "a", "speaker_id": []}"#, .invalidRequest, "speaker_id"),
      (#"{"text": "a", "speaker_wav_base64": "%%%"}"#, .invalidAudio, "speaker_wav_base64"),
      (#"{"text": "a", "format": "midi"}"#, .invalidRequest, "format"),
      (#"{"text": "a", "stream": "yes"}"#, .invalidRequest, "stream"),
      (#"{"text": "a", "sample_rate": 11025}"#, .invalidRequest, "sample_rate"),
      (#"{"text": "a", "sample_rate": 22050, "format": "opus"}"#, .invalidRequest, "sample_rate"),
      (#"{"text": "a", "channels": 3}"#, .invalidRequest, "channels"),
      (#"{"text": "a", "bitrate": 64000}"#, .invalidRequest, "bitrate"),
      (#"{"text": "a", "bitrate": 8000, "format": "mp3"}"#, .invalidRequest, "bitrate"),
      (#"{"text": "a", "loudness": -9}"#, .invalidRequest, "loudness"),
      (#"{"text": "a", "loudness": -16, "stream": true}"#, .invalidRequest, "loudness"),
      (#"{"text": "a", "seed": -1}"#, .invalidRequest, "seed"),
      (#"{"text": "a", "seed": 1.5}"#, .invalidRequest, "seed"),
      (#"{"text": "a", "temperature": 0}"#, .invalidRequest, "temperature"),
      (#"{"text": "a", "top_k": 0}"#, .invalidRequest, "top_k"),
      (#"{"text": "a", "top_p": 0}"#, .invalidRequest, "top_p"),
      (#"{"text": "a", "top_p": 1.01}"#, .invalidRequest, "top_p"),
      (#"{"text": "a", "repetition_penalty": 0.5}"#, .invalidRequest, "repetition_penalty"),
      (#"{"text": "a", "speed": 4.1}"#, .invalidRequest, "speed"),
      (#"{"text": "a", "speed": true}"#, .invalidRequest, "speed"),
      (#"{"text": "a", "user_id": 1.5}"#, .invalidRequest, "user_id"),
      (#"{"text": "a", "text_normalization": "loud"}"#, .invalidRequest, "text_normalization"),
      (#"{"text": "a", "text_normalization": ["none"]}"#, .invalidRequest, "text_normalization"),
      (#"{"text": "a", "include": "normalized"}"#, .invalidRequest, "include"),
      (#"{"text": "a", "include": ["codes"]}"#, .invalidRequest, "include"),
      (#"{"text": "a", "include": [null]}"#, .invalidRequest, "include"),
    ] as [(String, SpeechError.Code, String?)])
  func refuses(json: String, code: SpeechError.Code, field: String?) {
    #expect {
      try decode(json)
    } throws: { error in
      let error = error as? SpeechError
      return error?.code == code && error?.field == field
    }
  }

  @Test func refusalsNameTheAllowedValues() {
    #expect(throws: SpeechError(.invalidRequest, "include must be an array of normalized, words", field: "include")) {
      try decode(#"{"text": "a", "include": ["codes"]}"#)
    }
    #expect(
      throws: SpeechError(
        .invalidRequest, "format must be one of wav, flac, mp3, opus, pcm, aac, m4a, mulaw, alaw", field: "format")
    ) {
      try decode(#"{"text": "a", "format": "midi"}"#)
    }
  }

  /// Stored replies are found by a digest of this JSON.
  @Test func aRequestWithoutTheNewFieldsIsEncodedAsBefore() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(try decode(#"{"text": "a", "include": [], "text_normalization": null}"#))
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"enable_text_splitting":true,"format":"wav","speaker_id":"default","speed":1,"store_generated_audio":false,"#
        + #""stream":false,"text":"a"}"#)
  }

  @Test func deepAndBrokenInputIsAnError() {
    let deep = #"{"text": "a", "x": "# + String(repeating: "[", count: 100_000)
    #expect(throws: SpeechError.self) { try decode(deep) }
    #expect(throws: SpeechError.self) { try SynthesisRequest.decode(Data([0x7B, 0xFF, 0xFE, 0x22])) }
  }

  @Test func encodesWhatItDecodes() throws {
    var request = SynthesisRequest(text: "a", language: .chinese, voice: .url("https://example.org/a.wav"), seed: 5)
    request.topK = 7
    request.normalization = NormalizationMode.none
    request.include = [.normalized]
    #expect(try SynthesisRequest.decode(JSONEncoder().encode(request)) == request)
  }
}

@Suite struct LanguageTests {
  @Test func readsTagsAsClientsWriteThem() {
    #expect(Language(tag: "EN") == .english)
    #expect(Language(tag: "en-GB") == .english)
    #expect(Language(tag: "zh") == .chinese)
    #expect(Language(tag: "zh_TW") == .chinese)
    #expect(Language(tag: "") == nil)
    #expect(Language(tag: "-") == nil)
    #expect(Language(tag: "english") == nil)
  }
}

@Suite struct ReplyTests {
  @Test func aReplyGoesThroughJSONUnharmed() throws {
    let reply = SynthesisReply(
      requestID: "r", format: .wav, sampleRate: 24_000, audio: Data([1, 2]), durationSeconds: 0.5, speakerID: "s",
      language: .english, seed: .max, sha256: "ab",
      segments: [SegmentReport(text: "t", characters: 1, codes: 2, hitLimit: true)],
      timings: .init(queueSeconds: 0, firstAudioSeconds: 1, totalSeconds: 2, realTimeFactor: 3),
      model: ModelDescription(repo: "a", revision: "b", sha256: "c", precision: "int8", device: "cpu"), warnings: [])
    let data = try JSONEncoder().encode(reply)
    #expect(try JSONDecoder().decode(SynthesisReply.self, from: data) == reply)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["status"] as? String == "ok")
    #expect(object["audio_base64"] as? String == "AQI=")
    #expect(object["audio_url"] == nil)
  }

  @Test func anErrorReplyNamesTheField() throws {
    let error = ErrorReply(requestID: "r", error: SpeechError(.overloaded, "full"))
    let object = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(error)) as? [String: Any])
    let inner = try #require(object["error"] as? [String: Any])
    #expect(inner["code"] as? String == "overloaded")
    #expect(inner["retryable"] as? Bool == true)
  }
}
