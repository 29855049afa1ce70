import Foundation
import SpeechCore

/// A single small request, for health checks.
public enum HTTPProbe {
  private static let byteCountLimit = 65_536

  /// The body of the response of `url`, at most 64 KiB, for every status code. No proxy is used. Throws `unavailable`
  /// when no complete response arrives within `timeout`, and `tlsFailure`.
  public static func body(of url: String, timeout: Duration) async throws(DownloadError) -> Data {
    try await DedicatedThread.run("http-probe") { cancellation throws(DownloadError) in
      var body = Data()
      do {
        try HTTPClient().send(.init(url: url, timeout: timeout), cancellation, onHead: { _ in }) { bytes in
          guard body.count + bytes.count <= byteCountLimit else { throw TransferError.tooLarge }
          body.append(contentsOf: bytes)
        }
      } catch {
        if case TransferError.tls(let reason) = error {
          throw DownloadError(
            .tlsFailure, "\(url.shownAddress): TLS failed (\(reason.excerpt())); is it an http:// address?")
        }
        throw DownloadError(.unavailable, "no answer from \(url.shownAddress): is the service running there?")
      }
      return body
    }
  }
}
