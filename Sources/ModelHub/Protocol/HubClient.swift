import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends requests to the hub and follows its redirects.
struct HubClient: Sendable {
  private let http: HTTPClient
  private let endpoint: HubEndpoint
  private let token: String?
  private let responseTimeout: Duration

  /// Must be shut down. Throws `tlsFailure` when the certificate authorities can't be read.
  init(_ configuration: HubConfiguration) throws(HubError) {
    var settings = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: TimeAmount(configuration.timeouts.connect), read: TimeAmount(configuration.timeouts.silence)),
      decompression: .disabled)
    settings.httpVersion = .http1Only
    // Our own policy retries; a refused certificate must not be tried until a deadline.
    settings.connectionPool.retryConnectionEstablishment = false
    if let file = configuration.certificateAuthorityFile {
      guard FileManager.default.isReadableFile(atPath: file) else {
        throw HubError(.tlsFailure, "SSL_CERT_FILE is \(file.excerpt()), which can't be read")
      }
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .file(file)
      settings.tlsConfiguration = tls
    }
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    endpoint = configuration.endpoint
    token = configuration.token
    responseTimeout = configuration.timeouts.response
  }

  func shutdown() async {
    try? await http.shutdown()
  }

  /// Sends a request and follows redirects until something else comes. `file` is for messages; `range` is the first
  /// byte that is wanted. The body must be read or dropped.
  func send(
    _ method: HTTPMethod, _ address: URL, file: String, from offset: Int = 0
  ) async throws(RequestFailure) -> HubResponse {
    var redirects = RedirectPolicy(endpoint: endpoint, start: address)
    var announcement = FileAnnouncement()
    var url = address
    while true {
      let isHub = redirects.isHub(url)
      let response = try await sendOnce(request(method, url, isHub: isHub, offset: offset), file: file, url: url)
      let status = Int(response.status.code)
      let isRedirect = RedirectPolicy.isRedirect(status: status)
      announcement.read(response.headers, isHub: isHub, isLast: !isRedirect)
      // A HEAD request has its answer as soon as the hub has named the content.
      let isAnswered = method == .HEAD && announcement.digest != nil && announcement.byteCount != nil
      guard isRedirect, !isAnswered else {
        return HubResponse(
          head: .init(
            status: isRedirect ? 200 : status, headers: response.headers, isHub: isHub, announcement: announcement,
            shownAddress: RedirectPolicy.shown(url)),
          body: response.body)
      }
      do {
        url = try redirects.follow(from: url, location: response.headers.first(name: "Location"), file: file)
      } catch {
        throw .permanent(error)
      }
    }
  }

  private func request(_ method: HTTPMethod, _ url: URL, isHub: Bool, offset: Int) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: url.absoluteString)
    request.method = method
    request.headers.add(name: "User-Agent", value: "speechbus")
    // Lengths and ranges count the file's own bytes.
    request.headers.add(name: "Accept-Encoding", value: "identity")
    if offset > 0 { request.headers.add(name: "Range", value: "bytes=\(offset)-") }
    if isHub, let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    return request
  }

  private func sendOnce(
    _ request: HTTPClientRequest, file: String, url: URL
  ) async throws(RequestFailure) -> HTTPClientResponse {
    do {
      return try await http.execute(request, timeout: TimeAmount(responseTimeout))
    } catch {
      throw Self.failure(error, file: file, server: RedirectPolicy.shown(url))
    }
  }

  /// What a failed connection means: TLS that is refused stays refused, everything else may pass.
  static func failure(_ error: any Error, file: String, server: String) -> RequestFailure {
    switch error {
    case let error as HTTPClientError: return failure(error, file: file, server: server)
    case is CancellationError:
      return .permanent(HubError(.cancelled, "\(file): the download was cancelled"))
    case NIOSSLError.uncleanShutdown:
      return .transient(.connection("\(server) closed the connection"))
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      return .permanent(
        HubError(.tlsFailure, "\(file): TLS with \(server) failed: \(String(describing: error).excerpt())"))
    default:
      return .transient(.connection("\(server): \(String(describing: error).excerpt())"))
    }
  }

  private static func failure(_ error: HTTPClientError, file: String, server: String) -> RequestFailure {
    switch error {
    case .cancelled: .permanent(HubError(.cancelled, "\(file): the download was cancelled"))
    case .readTimeout, .deadlineExceeded: .transient(.stalled)
    case .connectTimeout: .transient(.connection("\(server) can't be reached in time"))
    case .remoteConnectionClosed: .transient(.connection("\(server) closed the connection"))
    case .invalidURL, .emptyHost: .permanent(HubError(.invalidResponse, "\(file): \(server) is no address"))
    default: .transient(.connection("\(server): \(error.description.excerpt())"))
    }
  }
}
