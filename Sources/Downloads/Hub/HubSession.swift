import Foundation
import Logging
import SpeechCore

/// Sends the requests of one pull, translates their failures and repeats them.
struct HubSession {
  let configuration: HubConfiguration
  let cancellation: Cancellation
  /// Waits before the next attempt; false when the work was cancelled meanwhile.
  let pause: (Duration) -> Bool
  let logger: Logger
  private let client = HTTPClient()

  /// Sends one request. The second argument of `onHead` is true when the hub itself sent the response. Errors of the
  /// closures are rethrown; other failures throw ``TransientFailure`` or ``DownloadError``.
  func get(
    _ address: String, name: String, from offset: Int = 0,
    onHead: @escaping (_ head: HTTPClient.Head, _ isHub: Bool) throws -> Void,
    onBody: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var request = HTTPClient.Request(url: address)
    // Compression is refused, because lengths and ranges count the bytes of the file itself.
    request.headers = ["Accept-Encoding: identity"]
    if offset > 0 { request.headers.append("Range: bytes=\(offset)-") }
    if let token = configuration.token { request.headers.append("Authorization: Bearer \(token.reveal())") }
    request.connectTimeout = configuration.connectTimeout
    request.stallTimeout = configuration.stallTimeout
    request.redirectLimit = Self.redirectLimit
    request.redirectSchemes = configuration.endpoint.redirectSchemes
    request.usesProxy = !configuration.endpoint.isOnThisMachine
    request.certificateAuthorityFile = configuration.certificateAuthorityFile
    do {
      try client.send(request, cancellation) {
        try onHead($0, configuration.endpoint.serves($0.url))
      } onBody: {
        try onBody($0)
      }
    } catch let error as TransferError {
      throw Self.failure(error, name: name, server: address.shownAddress)
    }
  }

  static let redirectLimit = 10

  /// Converts libcurl's failures: time-outs and connection failures are transient, all others are permanent.
  private static func failure(_ error: TransferError, name: String, server: String) -> any Error {
    switch error {
    case .cancelled: DownloadError.cancelled(name)
    case .tls(let reason): DownloadError(.tlsFailure, "\(name): TLS with \(server) failed: \(reason.excerpt())")
    case .refusedRedirect(let location):
      DownloadError(
        .refusedRedirect,
        "\(name): \(server) redirects to \"\(location.shownAddress)\""
          + (location.lowercased().hasPrefix("http:") ? ", without TLS; not followed" : ", which is not followed"))
    case .tooManyRedirects:
      DownloadError(.refusedRedirect, "\(name): \(server) leads to more than \(redirectLimit) redirects")
    case .timedOut: TransientFailure.stalled
    case .connection(let reason): TransientFailure.connection("\(server): \(reason.excerpt())")
    case .forbiddenAddress, .tooLarge, .encoding:
      DownloadError(.invalidResponse, "\(name): \(server) is not acceptable")
    }
  }

  /// Repeats `attempt` until it succeeds, fails permanently or reaches the retry limit. `byteCount` returns the number
  /// of bytes of the file so far; progress resets the retry count.
  func retrying<Value>(
    _ name: String, byteCount: () -> Int = { 0 }, _ attempt: () throws -> Value
  ) throws(DownloadError) -> Value {
    var failureCount = 0
    while true {
      let start = byteCount()
      let failure: TransientFailure
      do {
        return try attempt()
      } catch let error as DownloadError {
        throw error
      } catch {
        failure = error as? TransientFailure ?? .connection("\(error)")
      }
      failureCount = byteCount() - start >= configuration.retry.progressByteCount ? 1 : failureCount + 1
      switch configuration.retry.decision(after: failure, failureCount: failureCount, jitter: .random(in: 0..<1)) {
      case .giveUp(let reason):
        let kept = byteCount() > 0 ? "; \(byteCount()) bytes are kept, so run it again to continue" : ""
        throw DownloadError(.unavailable, "\(name): \(reason)\(kept)")
      case .wait(let delay):
        logger.warning(
          "trying a download again", metadata: ["file": "\(name)", "reason": "\(failure.reason)", "after": "\(delay)"])
        guard pause(delay) else { throw .cancelled(name) }
      }
    }
  }
}
