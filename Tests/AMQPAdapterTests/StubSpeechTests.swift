import Foundation
import SpeechCore
import TestSupport
import Testing

/// The stub's own parts that other tests rely on.
struct StubSpeechTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func sha256MatchesTheStandardsVectors(text: String, hash: String) {
    #expect(SHA256.hash(data: Data(text.utf8)).hexadecimal == hash)
  }

  @Test func audioDependsOnTheTextAlone() {
    #expect(StubSpeechHandler.audio(for: "a") == StubSpeechHandler.audio(for: "a"))
    #expect(StubSpeechHandler.audio(for: "a") != StubSpeechHandler.audio(for: "b"))
    #expect(StubSpeechHandler.audio(for: "a", byteCount: 10).count == 10)
  }
}
