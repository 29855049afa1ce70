import Foundation
import SpeechCore

/// Downloads reference audio over HTTP, from hosts on the public internet and from allowed hosts only.
///
/// Every address that a host resolves to must be public. The connection uses exactly these addresses, without a second
/// look-up, and each address is checked again when the socket is opened. Each redirect passes the same checks.
public struct AudioDownloader: AudioFetcher {
  struct Limits: Sendable {
    var maximumBytes = 25 << 20
    /// The limit for look-ups, redirects and the body together.
    var timeout: Duration = .seconds(10)
    var maximumRedirects = 5
  }

  private static let connectSeconds = 5

  private let allowedHosts: Set<String>
  private let limits: Limits
  private let lookUp: @Sendable (String) -> [IPAddress]?

  /// - Parameter allowedHosts: hosts that may have any address, also a private one (`SPEECHBUS_URL_ALLOW`).
  public init(allowedHosts: [String] = []) {
    self.init(allowedHosts: allowedHosts, limits: Limits())
  }

  init(
    allowedHosts: [String], limits: Limits,
    lookUp: @escaping @Sendable (String) -> [IPAddress]? = HostResolver.addresses
  ) {
    self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
    self.limits = limits
    self.lookUp = lookUp
  }

  /// Downloads the audio file at `url`: at most 25 MiB, 5 redirects and 10 s.
  ///
  /// - Parameter field: the request field that the error names.
  /// - Throws: `download_forbidden`, `download_failed`, `audio_too_large`, `invalid_audio` or `cancelled`. A failure is
  ///   retryable if the same download may succeed later: broken connections, time-outs, and the server's own trouble.
  public func fetch(_ url: String, field: String?) async throws(SpeechError) -> Data {
    try await DedicatedThread.run("audio-download") { cancellation throws(SpeechError) in
      do {
        return try follow(url, field: field, cancellation)
      } catch let error as SpeechError {
        throw error
      } catch let error as TransferError {
        throw speechError(error, field: field)
      } catch {
        throw SpeechError(.downloadFailed, "the download failed", field: field)
      }
    }
  }

  private func speechError(_ error: TransferError, field: String?) -> SpeechError {
    func failed(_ message: String, isRetryable: Bool = true) -> SpeechError {
      SpeechError(.downloadFailed, message, field: field, isRetryable: isRetryable)
    }
    return switch error {
    case .cancelled: SpeechError(.cancelled, "the request was cancelled")
    case .forbiddenAddress: Self.forbiddenHost(field)
    case .tooLarge: SpeechError(.audioTooLarge, "audio may have at most \(limits.maximumBytes) bytes", field: field)
    case .timedOut:
      failed(
        "the download took too long: \(Self.connectSeconds) s to connect and \(limits.timeout.components.seconds) s in all are allowed"
      )
    case .encoding:
      failed("the Content-Encoding of the URL's answer is not gzip, deflate or identity", isRetryable: false)
    case .tls(let reason): failed("TLS with the URL's server failed: \(reason.excerpt())", isRetryable: false)
    case .refusedRedirect, .tooManyRedirects: failed("the URL redirects to no audio", isRetryable: false)
    case .connection(let reason): failed("the connection to the URL's server failed: \(reason.excerpt())")
    }
  }

  /// Statuses that the same request may not get later: too early, too many, too slow, or the server's trouble.
  private static func isTransient(status: Int) -> Bool { [408, 425, 429].contains(status) || status >= 500 }

  private static func forbiddenHost(_ field: String?) -> SpeechError {
    SpeechError(.downloadForbidden, "the URL's host is not on the public internet", field: field)
  }

  private func follow(_ url: String, field: String?, _ cancellation: Cancellation) throws -> Data {
    let deadline = ContinuousClock.now + limits.timeout
    var target = try DownloadTarget(url, allowedHosts: allowedHosts, field: field)
    for _ in 0...limits.maximumRedirects {
      switch try get(target, until: deadline, field: field, cancellation) {
      case .audio(let data): return data
      case .redirect(let location):
        target = try DownloadTarget(location, relativeTo: target.url, allowedHosts: allowedHosts, field: field)
      }
    }
    throw SpeechError(
      .downloadFailed, "the URL redirects more than \(limits.maximumRedirects) times", field: field, isRetryable: false)
  }

  private enum Answer {
    case audio(Data)
    case redirect(String)
  }

  private func get(
    _ target: DownloadTarget, until deadline: ContinuousClock.Instant, field: String?, _ cancellation: Cancellation
  ) throws -> Answer {
    let addresses = try checkedAddresses(target, field: field)
    let remaining = ContinuousClock.now.duration(to: deadline)
    guard remaining > .zero else { throw TransferError.timedOut }
    var request = HTTPClient.Request(url: target.url)
    request.headers = ["Accept: audio/*,*/*;q=0.5"]
    request.connectTimeout = .seconds(Self.connectSeconds)
    request.timeout = remaining
    request.unpacksBody = true
    request.resolvedHost = "\(target.host):\(target.port):\(addresses.map(\.urlText).joined(separator: ","))"
    request.allowsAddress = { target.isHostAllowed || $0.isPublic }

    var redirect: String?
    var data = Data()
    var announced: Int?
    // A client for this one request: its connections can't be reused for another host's name.
    do {
      try HTTPClient().send(request, cancellation) { head in
        if [301, 302, 303, 307, 308].contains(head.status), let location = head.headers["location"] {
          redirect = location
          return
        }
        guard head.status == 200 else {
          throw SpeechError(
            .downloadFailed, "the URL's server answered \(head.status)", field: field,
            isRetryable: Self.isTransient(status: head.status))
        }
        if head.headers["content-encoding"] == nil { announced = head.headers["content-length"].flatMap { Int($0) } }
        guard announced ?? 0 <= limits.maximumBytes else { throw TransferError.tooLarge }
      } onBody: { bytes in
        guard redirect == nil else { return }
        guard data.count + bytes.count <= limits.maximumBytes else { throw TransferError.tooLarge }
        let wasChecked = data.count >= AudioSignature.length
        data.append(contentsOf: bytes)
        if !wasChecked, data.count >= AudioSignature.length { try check(data, field: field) }
      }
    } catch TransferError.connection where !data.isEmpty {
      let whole = announced.map { " of \($0)" } ?? ""
      throw SpeechError(.downloadFailed, "the connection ended after \(data.count)\(whole) bytes", field: field)
    }
    if let redirect { return .redirect(redirect) }
    try check(data, field: field)
    return .audio(data)
  }

  /// - Throws: `download_forbidden` when any address of the host is not public.
  private func checkedAddresses(_ target: DownloadTarget, field: String?) throws(SpeechError) -> [IPAddress] {
    guard let addresses = IPAddress(target.host).map({ [$0] }) ?? lookUp(target.host) else {
      throw SpeechError(.downloadFailed, "the URL's host could not be looked up", field: field)
    }
    guard !addresses.isEmpty else {
      throw SpeechError(.downloadFailed, "there is no host of the URL's name", field: field, isRetryable: false)
    }
    guard target.isHostAllowed || addresses.allSatisfy(\.isPublic) else { throw Self.forbiddenHost(field) }
    return addresses
  }

  private func check(_ data: Data, field: String?) throws(SpeechError) {
    guard AudioSignature.matches(data) else {
      throw SpeechError(.invalidAudio, "the URL does not lead to a \(AudioSignature.allKinds) file", field: field)
    }
  }
}
