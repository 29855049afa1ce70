import SpeechCore
import Testing

@testable import Downloads

struct DownloadTargetTests {
  private func target(_ url: String, from base: String? = nil) throws(SpeechError) -> DownloadTarget {
    try DownloadTarget(url, relativeTo: base, allowedHosts: ["voices.local"], field: "speaker_wav_url")
  }

  @Test func takesAUrlApart() throws {
    let plain = try target("HTTPS://Example.COM./a%20b.wav?x=1#part")
    #expect(plain.host == "example.com")
    #expect(plain.url == "https://example.com/a%20b.wav?x=1")
    #expect(!plain.isHostAllowed)
    #expect(try target("http://voices.local:8080/a.wav").isHostAllowed)
    #expect(try target("http://[::1]:80/a").host == "::1")
  }

  @Test func followsRelativeRedirects() throws {
    #expect(try target("/b.wav", from: "http://example.com/a/x.wav").url == "http://example.com/b.wav")
    #expect(try target("//other.org/b.wav", from: "https://example.com/a").host == "other.org")
  }

  @Test(arguments: [
    "file:///etc/passwd", "ftp://example.com/a.wav", "gopher://example.com/", "data:audio/wav;base64,AAAA",
    "http://user:secret@example.com/a.wav", "http://user@example.com/", "javascript:alert(1)", "HTTP+UNIX://%2Ftmp/a",
  ])
  func forbidsOtherSchemesAndCredentials(url: String) {
    let error = #expect(throws: SpeechError.self) { try target(url) }
    #expect(error?.code == .downloadForbidden)
    #expect(error?.field == "speaker_wav_url")
  }

  @Test(arguments: [
    "http://", "http:///a.wav", "http://exa mple.com/", "http://[::1/", "http://example.com:99999/",
    "http://[fe80::1%25lo]/",
    "http://ex%2eample.com%00.evil/", "http://\u{FF11}27.0.0.1.evil\u{2028}/",
    "http://example.com/" + String(repeating: "a", count: 5000),
  ])
  func refusesWhatIsNotAPlainUrl(url: String) {
    #expect(throws: SpeechError.self) { try target(url) }
  }
}
