import Foundation
import SpeechCore
import Testing

/// Clear input is accepted as people and libraries write it.
@Suite struct LenientInputTests {
  private func decode(_ json: String) throws -> SynthesisRequest {
    try SynthesisRequest.decode(Data(json.utf8))
  }

  private func voice(_ base64: String) throws -> VoiceReference {
    let body = try JSONSerialization.data(withJSONObject: ["text": "a", "speaker_wav_base64": base64])
    return try SynthesisRequest.decode(body).voice
  }

  @Test func base64OfEveryLibrary() throws {
    for count in 1...70 {
      let audio = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 251) })
      let text = audio.base64EncodedString()
      let lines = audio.base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
      let forms = [
        text, text + "\n", " " + text, lines, text.replacing("+", with: "-").replacing("/", with: "_"),
        text.replacing("=", with: ""), "data:audio/wav;base64," + text, "Data:audio/wav;codecs=opus;BASE64," + text,
        "\n data:;base64," + lines,
      ]
      for form in forms { #expect(try voice(form) == .inline(audio), "\(form)") }
    }
  }

  @Test(arguments: ["not base64!!", "data:audio/wav,abc", "AAAA=AAA", "A", "AAAA====", "====", "%%%", "data:"])
  func rubbishStaysRubbish(text: String) {
    #expect {
      try voice(text)
    } throws: {
      ($0 as? SpeechError)?.code == .invalidAudio && ($0 as? SpeechError)?.field == "speaker_wav_base64"
    }
  }

  @Test(arguments: ["https://example.com/me.wav", " HTTP://example.com/me.wav"])
  func aURLInTheWrongFieldIsToldTheRightOne(text: String) {
    #expect { try voice(text) } throws: { ($0 as? SpeechError)?.message.contains("speaker_wav_url") == true }
  }

  @Test func aSampleNeedsAudio() {
    let body = Data(#"{"samples":[{"speaker_id":"Ada"}]}"#.utf8)
    let error = #expect(throws: SpeechError.self) { try VoiceRegistration.decode(body) }
    #expect(error?.message == "each sample needs speaker_wav_base64 or speaker_wav_url" && error?.field == "samples")
  }

  @Test func blanksAroundAURLAreDropped() throws {
    #expect(try decode(#"{"text":"a","speaker_wav_url":" http://h/a.wav\n"}"#).voice == .url("http://h/a.wav"))
  }

  @Test func halfASurrogateIsDroppedWithAWarning() throws {
    for (text, clean) in [
      (#"I love it \ud83d"#, "I love it "), (#"\ude00 it"#, " it"), (#"a\ud83d\u0041"#, "aA"),
      (#"a\ud83d\ud83d\ude00"#, "a😀"),
      (#"a\\\ud83d"#, #"a\"#),
    ] {
      let request = try decode(#"{"text":"\#(text)"}"#)
      #expect(request.text == clean)
      #expect(request.warnings.count == 1 && request.warnings[0].contains("surrogate"))
    }
    let whole = try decode(#"{"text":"\ud83d\ude00 \\ud83d"}"#)
    #expect(whole.text == #"😀 \ud83d"# && whole.warnings == [])
  }

  @Test func anEmptyStringIsAbsentInEveryOptionalField() throws {
    let names = [
      "language", "speaker_id", "speaker_wav_base64", "speaker_wav_url", "store_generated_audio", "format", "stream",
      "seed", "temperature", "top_k", "top_p", "repetition_penalty", "speed", "enable_text_splitting", "user_id",
    ]
    let fields = names.map { #""\#($0)":"""# }.joined(separator: ",")
    #expect(try decode(#"{"text":"a",\#(fields)}"#) == SynthesisRequest(text: "a"))
    let names2 = [
      "voice", "model", "instructions", "response_format", "speed", "stream_format", "language", "seed", "user",
    ]
    let request = try OpenAISpeechRequest.decode(
      Data(#"{"input":"a",\#(names2.map { #""\#($0)":"""# }.joined(separator: ","))}"#.utf8))
    #expect(request.synthesis.format == .mp3 && !request.isEventStream && request.synthesis.warnings == [])
  }

  @Test func namesInAnyCaseAndNumbersAsUsers() throws {
    let request = try decode(#"{"text":"a","format":"WAV","user_id":42,"speaker_id":" DEFAULT "}"#)
    #expect(request.format == .wav && request.userID == "42" && request.voice == .named("default"))
    let other = try OpenAISpeechRequest.decode(
      Data(#"{"input":"a","response_format":"MP3","voice":" Alloy ","stream_format":"SSE"}"#.utf8))
    #expect(other.synthesis.format == .mp3 && other.synthesis.voice == .named("default") && other.isEventStream)
  }

  @Test(arguments: [
    ("", "empty"), (" \n", "empty"), (#"{"text":"#, "line 1"), ("{'text':'Hi.'}", "column 2"),
    (#"{"text":"Hi.","seed":NaN}"#, "column 22"), ("{\n\"text\" \"Hi.\"}", "line 2, column 8"),
  ])
  func invalidJSONSaysWhere(body: String, place: String) {
    #expect {
      try decode(body)
    } throws: {
      ($0 as? SpeechError)?.code == .invalidJSON && ($0 as? SpeechError)?.message.contains(place) == true
    }
  }

  @Test func otherEncodingsSayWhichByte() {
    #expect {
      try SynthesisRequest.decode(Data(#"{"text":"caf"#.utf8) + [0xE9] + Data(#""}"#.utf8))
    } throws: {
      ($0 as? SpeechError)?.message == "the message is not UTF-8: byte 12 is invalid"
    }
  }

  @Test func nestsPacketIsOpened() throws {
    let body = RequestBody<SynthesisRequest>(Data(#"{"pattern":"x","data":{"text":"a"},"id":"abc"}"#.utf8))
    #expect(body.envelope?.id == "abc")
    #expect(try body.message.get().text == "a")
    let wrong = RequestBody<SynthesisRequest>(Data(#"{"pattern":{"cmd":"x"},"data":{"text":5},"id":"abc"}"#.utf8))
    #expect(wrong.envelope?.id == "abc")
    #expect { try wrong.message.get() } throws: { ($0 as? SpeechError)?.field == "text" }
    let list = RequestBody<SynthesisRequest>(Data(#"{"pattern":"x","data":[]}"#.utf8))
    #expect { try list.message.get() } throws: { ($0 as? SpeechError)?.field == "data" }
    let packet = try WireJSON.encode(#require(body.envelope).packet(["status": "ok"]))
    #expect(String(decoding: packet, as: UTF8.self) == #"{"id":"abc","isDisposed":true,"response":{"status":"ok"}}"#)
  }

  @Test(arguments: [
    (#"{"messageId":"1","messageType":["urn:message:Tts"],"message":{"text":"Hi."}}"#, "MassTransit"),
    (#"[[],{"text":"Hi."},{"callbacks":null}]"#, "Celery"),
    (#"{"specversion":"1.0","type":"tts","data":{"text":"Hi."}}"#, "CloudEvents"),
  ])
  func otherEnvelopesAreNamed(body: String, name: String) {
    #expect { try decode(body) } throws: { ($0 as? SpeechError)?.message.contains(name) == true }
  }
}

@Suite struct ContentEncodingTests {
  /// `{"text":"Packed."}` as Python's gzip and zlib write it, and without zlib's header.
  private let packed: [(String, String)] = [
    ("gzip", "H4sIAAAAAAACA6tWKkmtKFGyUgpITM5OTdFTqgUAQ0D07RIAAAA="),
    ("deflate", "eJyrVipJrShRslIKSEzOTk3RU6oFADnmBfY="),
    ("DEFLATE", "q1YqSa0oUbJSCkhMzk5N0VOqBQA="), ("x-gzip", "eJyrVipJrShRslIKSEzOTk3RU6oFADnmBfY="),
  ]

  @Test func unpacksWhatClientsSend() throws {
    for (name, base64) in packed {
      let body = try #require(Data(base64Encoded: base64))
      let encoding = try #require(ContentEncoding(name))
      #expect(try encoding.unpacked(body, maximumBytes: 18) == Data(#"{"text":"Packed."}"#.utf8), "\(name)")
      #expect(throws: ContentEncoding.Failure.tooLarge) { try encoding.unpacked(body, maximumBytes: 17) }
      #expect(throws: ContentEncoding.Failure.noMemory) {
        try encoding.unpacked(body, maximumBytes: 18) { _ in false }
      }
      #expect(throws: ContentEncoding.Failure.malformed) { try encoding.unpacked(body.prefix(9), maximumBytes: 18) }
    }
    #expect(ContentEncoding("br") == nil && ContentEncoding("UTF-8") == .identity && ContentEncoding(nil) == .identity)
  }
}
