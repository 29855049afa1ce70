import Foundation
import SpeechCore

/// Sends small documents, such as batches of spans. Like all of libcurl's work it blocks, on a dedicated thread.
public struct HTTPPost: Sendable {
  /// The part of a response that decides about another attempt.
  public struct Response: Sendable, Equatable {
    public var status: Int
    /// The delay of `Retry-After`; nil without a valid one.
    public var retryAfter: Duration?
  }

  private let url: String
  private let headers: [String]
  private let certificateAuthorityFile: String?

  /// - Parameters:
  ///   - headers: by name.
  ///   - certificateAuthorityFile: a PEM file that replaces the system's authorities.
  public init(url: String, headers: [String: String], certificateAuthorityFile: String?) {
    self.url = url
    // Without the last one, libcurl waits a second for a server's permission to send a large body.
    self.headers = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + ["Expect:"]
    self.certificateAuthorityFile = certificateAuthorityFile
  }

  /// Redirects are not followed, and the response's body is ignored.
  /// - Throws: `unavailable` without a complete response within `timeout`, `tlsFailure`.
  public func send(_ body: Data, timeout: Duration) async throws(DownloadError) -> Response {
    try await DedicatedThread.run("http-post") { cancellation throws(DownloadError) in
      var response = Response(status: 0)
      var request = HTTPClient.Request(url: url, headers: headers, timeout: timeout, usesProxy: true)
      request.body = body
      request.certificateAuthorityFile = certificateAuthorityFile
      do {
        try HTTPClient().send(request, cancellation) { head in
          response = Response(status: head.status, retryAfter: head.retryAfter)
        } onBody: { _ in
        }
      } catch {
        if case TransferError.tls(let reason) = error {
          throw DownloadError(.tlsFailure, "\(url.shownAddress): TLS failed (\(reason.excerpt()))")
        }
        throw DownloadError(.unavailable, "no answer from \(url.shownAddress)")
      }
      return response
    }
  }
}
