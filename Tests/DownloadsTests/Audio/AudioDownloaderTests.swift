import Foundation
import SpeechCore
import Testing

@testable import Downloads

struct AudioDownloaderTests {
  private let wav = Data("RIFF\u{24}\0\0\0WAVEfmt ".utf8) + Data(repeating: 1, count: 5000)

  private func withServer(
    _ answers: [String: LocalServer.Answer], _ body: (LocalServer) async throws -> Void
  ) async throws {
    let server = try await LocalServer(answers)
    do {
      try await body(server)
    } catch {
      try await server.stop()
      throw error
    }
    try await server.stop()
  }

  private func code(_ body: () async throws -> Data) async -> SpeechError.Code? {
    do {
      _ = try await body()
      return nil
    } catch {
      return (error as? SpeechError)?.code
    }
  }

  @Test func fetchesFromAnAllowedHostAndFollowsRedirects() async throws {
    let answers: [String: LocalServer.Answer] = [
      "/a.wav": .init(body: wav),
      "/moved": .init(status: .found, headers: [("location", "/a.wav")]),
    ]
    try await withServer(answers) { server in
      let downloader = AudioDownloader(allowedHosts: ["127.0.0.1"])
      let direct = try await downloader.fetch("http://127.0.0.1:\(server.port)/a.wav", field: nil)
      #expect(direct == wav)
      let moved = try await downloader.fetch("http://127.0.0.1:\(server.port)/moved", field: nil)
      #expect(moved == wav)
    }
  }

  @Test func theInsideIsClosed() async throws {
    try await withServer(["/a.wav": .init(body: wav)]) { server in
      let downloader = AudioDownloader()
      for host in ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0"] {
        let url = "http://\(host):\(server.port)/a.wav"
        let found = await code { try await downloader.fetch(url, field: nil) }
        #expect([.downloadForbidden, .downloadFailed].contains(found), "\(host)")
      }
    }
  }

  @Test func oneInnerAddressAmongManyIsEnoughToRefuse() async throws {
    let downloader = AudioDownloader(allowedHosts: [], limits: .init()) { _ in
      ["8.8.8.8", "10.0.0.1"].compactMap { IPAddress($0) }
    }
    #expect(await code { try await downloader.fetch("http://mixed.example/a.wav", field: nil) } == .downloadForbidden)
  }

  @Test func redirectsInsideAreRefused() async throws {
    let location = [("location", "http://169.254.169.254/latest/meta-data/")]
    try await withServer(["/out": .init(status: .found, headers: location)]) { server in
      let downloader = AudioDownloader(allowedHosts: ["127.0.0.1"])
      let url = "http://127.0.0.1:\(server.port)/out"
      #expect(await code { try await downloader.fetch(url, field: nil) } == .downloadForbidden)
    }
  }

  @Test func theCheckedAddressIsTheOneConnectedTo() async throws {
    // The name exists only in this look-up, so the bytes can only come from the address it gave.
    try await withServer(["/a.wav": .init(body: wav)]) { server in
      let downloader = AudioDownloader(allowedHosts: ["pinned.invalid"], limits: .init()) { _ in
        [IPAddress("127.0.0.1")].compactMap { $0 }
      }
      let data = try await downloader.fetch("http://pinned.invalid:\(server.port)/a.wav", field: nil)
      #expect(data == wav)
    }
  }

  @Test func contentAndSizeAreChecked() async throws {
    let answers: [String: LocalServer.Answer] = [
      "/page": .init(headers: [("content-type", "audio/wav")], body: Data("<html>secret</html>".utf8)),
      "/large": .init(body: wav + Data(repeating: 0, count: 100_000)),
      "/declared": .init(headers: [("content-length", "99999999")], body: Data()),
      "/empty": .init(),
      "/loop": .init(status: .found, headers: [("location", "/loop")]),
    ]
    try await withServer(answers) { server in
      let downloader = AudioDownloader(
        allowedHosts: ["127.0.0.1"], limits: .init(maximumBytes: 50_000, maximumRedirects: 3))
      let base = "http://127.0.0.1:\(server.port)"
      #expect(await code { try await downloader.fetch("\(base)/page", field: nil) } == .invalidAudio)
      #expect(await code { try await downloader.fetch("\(base)/empty", field: nil) } == .invalidAudio)
      #expect(await code { try await downloader.fetch("\(base)/large", field: nil) } == .audioTooLarge)
      #expect(await code { try await downloader.fetch("\(base)/declared", field: nil) } == .audioTooLarge)
      #expect(await code { try await downloader.fetch("\(base)/missing", field: nil) } == .downloadFailed)
      #expect(await code { try await downloader.fetch("\(base)/loop", field: nil) } == .downloadFailed)
      #expect(await code { try await downloader.fetch("http://127.0.0.1:1/", field: nil) } == .downloadFailed)
    }
  }

  @Test func aSilentServerIsGivenUp() async throws {
    try await withServer(["/silent": .init(isSilent: true)]) { server in
      let limits = AudioDownloader.Limits(timeout: .milliseconds(300))
      let downloader = AudioDownloader(allowedHosts: ["127.0.0.1"], limits: limits)
      let url = "http://127.0.0.1:\(server.port)/silent"
      #expect(await code { try await downloader.fetch(url, field: "speaker_wav_url") } == .downloadFailed)
    }
  }
}
