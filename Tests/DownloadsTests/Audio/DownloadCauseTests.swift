import Foundation
import NIOHTTP1
import SpeechCore
import Testing

@testable import Downloads

/// Whether a failed download is tried again is decided by its cause, which the message names.
struct DownloadCauseTests {
  private let wav = Data("RIFF\u{24}\0\0\0WAVEfmt ".utf8) + Data(repeating: 1, count: 5000)

  private func error(_ path: String, _ answer: LocalServer.Answer) async throws -> SpeechError? {
    let server = try await LocalServer([path: answer])
    let limits = AudioDownloader.Limits(timeout: .seconds(1), maximumRedirects: 2)
    let downloader = AudioDownloader(allowedHosts: ["127.0.0.1"], limits: limits)
    let result = await Result {
      try await downloader.fetch("http://127.0.0.1:\(server.port)\(path)", field: "speaker_wav_url")
    }
    try await server.stop()
    guard case .failure(let error) = result else { return nil }
    return error as? SpeechError
  }

  @Test(arguments: [400, 401, 403, 404, 405, 410, 451, 206, 204, 304])
  func aStatusThatStaysIsPermanent(status: Int) async throws {
    let found = try #require(try await error("/a", .init(status: HTTPResponseStatus(statusCode: status))))
    #expect(found.code == .downloadFailed && !found.isRetryable && found.field == "speaker_wav_url")
    #expect(found.message.contains("\(status)"))
  }

  @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
  func aServerInTroubleIsTriedAgain(status: Int) async throws {
    let found = try #require(try await error("/a", .init(status: HTTPResponseStatus(statusCode: status))))
    #expect(found.code == .downloadFailed && found.isRetryable)
  }

  @Test func eachFailureHasItsSentence() async throws {
    let loop = try #require(try await error("/l", .init(status: .found, headers: [("location", "/l")])))
    #expect(!loop.isRetryable && loop.message.contains("redirects"))
    let silent = try #require(try await error("/s", .init(isSilent: true)))
    #expect(silent.isRetryable && silent.message.contains("1 s in all"))
    let encoding = try #require(try await error("/e", .init(headers: [("content-encoding", "br")], body: wav)))
    #expect(!encoding.isRetryable && encoding.message.contains("Content-Encoding"))
    let downloader = AudioDownloader(allowedHosts: ["127.0.0.1"])
    await #expect {
      _ = try await downloader.fetch("http://127.0.0.1:1/x.wav", field: nil)
    } throws: {
      ($0 as? SpeechError)?.isRetryable == true && ($0 as? SpeechError)?.message.contains("refused") == true
    }
    for (addresses, isRetryable) in [([], false), (nil, true)] as [([IPAddress]?, Bool)] {
      let downloader = AudioDownloader(allowedHosts: [], limits: .init()) { _ in addresses }
      await #expect {
        _ = try await downloader.fetch("http://nowhere.example/x.wav", field: nil)
      } throws: {
        ($0 as? SpeechError)?.isRetryable == isRetryable
      }
    }
  }

  @Test(arguments: ["http:///x", "http://a b/", "", "http://h:99999/"])
  func anInvalidURLIsPermanent(url: String) {
    #expect {
      _ = try DownloadTarget(url, allowedHosts: [], field: "speaker_wav_url")
    } throws: {
      ($0 as? SpeechError)?.isRetryable == false
    }
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
