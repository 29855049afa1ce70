import Foundation
import SpeechCore
import Testing

struct XTTSServerRequestTests {
  private func decode(_ json: String, stream: Bool = false) throws -> SynthesisRequest {
    try XTTSServerRequest.decode(Data(json.utf8), stream: stream)
  }

  @Test func isASynthesisOfWAV() throws {
    let whole = try decode(#"{"text":"Hi.","speaker_wav":"Ada","language":"zh-cn"}"#)
    #expect(whole == SynthesisRequest(text: "Hi.", language: .chinese, voice: .named("Ada"), format: .wav))
    let stream = try decode(#"{"text":"Hi.","language":"auto"}"#, stream: true)
    #expect(stream.stream && stream.format == .wav && stream.detectsLanguage && stream.voice == .named("default"))
    #expect(try decode(#"{"text":"Hi.","speaker_wav":null,"language":""}"#) == SynthesisRequest(text: "Hi."))
  }

  @Test(arguments: [
    ("Ada", "Ada"), ("Ada.wav", "Ada"), ("speakers/Ada.WAV", "Ada"), (#"C:\\voices\\Ada.wav"#, "Ada"),
    ("../Ada", "Ada"), ("Claribel Dervla", "Claribel Dervla"), ("v1.5", "v1.5"), ("", "default"), (".wav", "default"),
    ("/", "default"), ("Default.wav", "default"),
  ])
  func theVoiceIsThatOfTheRecording(path: String, name: String) throws {
    #expect(try decode(#"{"text":"Hi.","speaker_wav":"\#(path)"}"#).voice == .named(name))
  }

  @Test func faultsNameTheField() throws {
    let cases: [(String, SpeechError.Code, String?)] = [
      (#"{"language":"en"}"#, .invalidRequest, "text"), (#"{"text":" "}"#, .textEmpty, "text"),
      (#"{"text":"a","speaker_wav":7}"#, .invalidRequest, "speaker_wav"),
      (#"{"text":"a","language":"!"}"#, .unsupportedLanguage, "language"), ("", .invalidJSON, nil),
    ]
    for (json, code, field) in cases {
      let error = #expect(throws: SpeechError.self) { try decode(json) }
      #expect(error?.code == code && error?.field == field)
    }
    let other = try decode(#"{"text":"a","save_path":"/etc/passwd"}"#)
    #expect(other.warnings == ["unknown field ignored: save_path"])
  }
}
