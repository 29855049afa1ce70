import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SpeechCore

/// Fetches reference audio from the public internet and from nowhere else.
///
/// Every address a host resolves to is checked, and the connection goes to a checked address, so that a name can't
/// answer differently a moment later. Redirects are followed by hand, each through the same checks.
public struct AudioDownloader: AudioFetcher {
  public struct Limits: Sendable, Equatable {
    public var maximumBytes: Int
    /// For everything together: look-ups, redirects, the body.
    public var timeout: Duration
    public var maximumRedirects: Int

    public init(maximumBytes: Int = 10 << 20, timeout: Duration = .seconds(10), maximumRedirects: Int = 5) {
      self.maximumBytes = maximumBytes
      self.timeout = timeout
      self.maximumRedirects = maximumRedirects
    }
  }

  private let allowedHosts: Set<String>
  private let limits: Limits
  private let lookUp: @Sendable (String) async -> [IPAddress]

  /// - Parameter allowedHosts: hosts that may be fetched wherever they lead (`SPEECHBUS_URL_ALLOW`).
  public init(allowedHosts: [String] = [], limits: Limits = Limits()) {
    self.init(allowedHosts: allowedHosts, limits: limits) { await HostResolver().addresses(of: $0) }
  }

  init(allowedHosts: [String], limits: Limits, lookUp: @escaping @Sendable (String) async -> [IPAddress]) {
    self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
    self.limits = limits
    self.lookUp = lookUp
  }

  public func fetch(_ url: String, field: String?) async throws(SpeechError) -> Data {
    do {
      return try await withThrowingTaskGroup(of: Data.self) { group in
        group.addTask { try await follow(url, field: field) }
        group.addTask {
          try await Task.sleep(for: limits.timeout)
          throw SpeechError(.downloadFailed, "the download took longer than \(limits.timeout)", field: field)
        }
        defer { group.cancelAll() }
        guard let data = try await group.next() else { throw CancellationError() }
        return data
      }
    } catch let error as SpeechError {
      throw error
    } catch is CancellationError {
      throw SpeechError(.cancelled, "the request was cancelled")
    } catch {
      throw SpeechError(.downloadFailed, "the audio could not be downloaded", field: field)
    }
  }

  private func follow(_ url: String, field: String?) async throws -> Data {
    var target = try DownloadTarget(url, allowedHosts: allowedHosts, field: field)
    for _ in 0...limits.maximumRedirects {
      switch try await get(target, field: field) {
      case .audio(let data): return data
      case .redirect(let location):
        target = try DownloadTarget(location, relativeTo: target.url, allowedHosts: allowedHosts, field: field)
      }
    }
    throw SpeechError(.downloadFailed, "the URL redirects more than \(limits.maximumRedirects) times", field: field)
  }

  private enum Answer {
    case audio(Data)
    case redirect(String)
  }

  private func get(_ target: DownloadTarget, field: String?) async throws -> Answer {
    let address = try await checkedAddress(target, field: field)
    try Task.checkCancellation()
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout = .init(connect: .seconds(5), read: .seconds(5))
    configuration.dnsOverride = [target.host: address.text]
    configuration.httpVersion = .http1Only
    configuration.decompression = .disabled
    // A client for this one request: its connections can't be reused for another host's name.
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    do {
      let answer = try await send(target, client, field: field)
      try? await client.shutdown()
      return answer
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  /// - Throws: `download_forbidden` when any address of the host is not public.
  private func checkedAddress(_ target: DownloadTarget, field: String?) async throws(SpeechError) -> IPAddress {
    let addresses = if let literal = IPAddress(target.host) { [literal] } else { await lookUp(target.host) }
    guard let first = addresses.first else {
      throw SpeechError(.downloadFailed, "the URL's host is unknown", field: field)
    }
    guard target.isHostAllowed || addresses.allSatisfy(\.isPublic) else {
      throw SpeechError(.downloadForbidden, "the URL's host is not on the public internet", field: field)
    }
    return first
  }

  private func send(_ target: DownloadTarget, _ client: HTTPClient, field: String?) async throws -> Answer {
    var request = HTTPClientRequest(url: target.url)
    request.headers = ["User-Agent": "speechbus", "Accept": "audio/*,*/*;q=0.5"]
    let response = try await client.execute(request, timeout: .seconds(10))
    if [301, 302, 303, 307, 308].contains(response.status.code), let location = response.headers.first(name: "location")
    {
      return .redirect(location)
    }
    guard response.status == .ok else {
      throw SpeechError(.downloadFailed, "the URL's server answered \(response.status.code)", field: field)
    }
    let tooLarge = SpeechError(.audioTooLarge, "audio may have at most \(limits.maximumBytes) bytes", field: field)
    let declared = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard declared <= limits.maximumBytes else { throw tooLarge }
    var data = Data()
    for try await chunk in response.body {
      guard data.count + chunk.readableBytes <= limits.maximumBytes else { throw tooLarge }
      let isSniffed = data.count >= AudioSignature.length
      data.append(contentsOf: chunk.readableBytesView)
      if !isSniffed, data.count >= AudioSignature.length { try check(data, field: field) }
    }
    try check(data, field: field)
    return .audio(data)
  }

  private func check(_ data: Data, field: String?) throws(SpeechError) {
    guard AudioSignature.matches(data) else {
      throw SpeechError(.invalidAudio, "the URL does not lead to a WAV, FLAC, MP3 or OGG file", field: field)
    }
  }
}
