import CCurl

/// Why a request brought no whole response.
enum TransferError: Error, Equatable {
  case cancelled
  /// An address behind the host's name is not allowed.
  case forbiddenAddress
  /// The body is larger than allowed, or says that it will be.
  case tooLarge
  /// A redirect that is not followed, with its `Location`.
  case refusedRedirect(String)
  case tooManyRedirects
  /// The certificate or the TLS handshake is not acceptable.
  case tls(String)
  /// The whole request or the connection took too long, or next to nothing came for too long.
  case timedOut
  /// No connection, or a broken one.
  case connection(String)

  /// - Parameter message: libcurl's own words.
  init(_ code: CURLcode, _ message: String, location: String?) {
    switch code {
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: self = .refusedRedirect(location ?? "")
    case CURLE_TOO_MANY_REDIRECTS: self = .tooManyRedirects
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
      self = .tls(message)
    case CURLE_OPERATION_TIMEDOUT: self = .timedOut
    default: self = .connection(message)
    }
  }
}
