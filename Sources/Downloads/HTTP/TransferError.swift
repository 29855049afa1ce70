import CCurl

/// The reasons for which a request has no complete response.
enum TransferError: Error, Equatable {
  case cancelled
  /// The host's name resolves to an address that is not allowed.
  case forbiddenAddress
  /// The body is larger than allowed, or its announced length is.
  case tooLarge
  /// A redirect that must not be followed, with its `Location`.
  case refusedRedirect(String)
  case tooManyRedirects
  /// The certificate was refused, or the TLS handshake failed.
  case tls(String)
  /// The connection or the whole request exceeded its time limit, or the transfer was too slow for too long.
  case timedOut
  /// The response's Content-Encoding is unknown, or the body is not packed so.
  case encoding
  /// The connection failed or broke.
  case connection(String)

  /// - Parameter message: libcurl's error text.
  init(_ code: CURLcode, _ message: String, location: String?) {
    switch code {
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: self = .refusedRedirect(location ?? "")
    case CURLE_TOO_MANY_REDIRECTS: self = .tooManyRedirects
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
      self = .tls(message)
    case CURLE_OPERATION_TIMEDOUT: self = .timedOut
    case CURLE_BAD_CONTENT_ENCODING: self = .encoding
    default: self = .connection(message)
    }
  }
}
