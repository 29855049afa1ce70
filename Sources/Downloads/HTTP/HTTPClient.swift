import CCurl
import Foundation
import SpeechCore

/// Sends requests through libcurl, one at a time, and keeps connections open between them. It blocks, so use it on
/// a dedicated thread.
final class HTTPClient {
  struct Request {
    var url: String
    /// Lines of the form `Name: value`. libcurl sends `Authorization` only to the first host, scheme and port, and
    /// removes it from redirects to others.
    var headers: [String] = []
    /// The body of a POST request; nil sends a GET request.
    var body: Data?
    var connectTimeout: Duration = .seconds(15)
    /// The limit for the whole request, including look-up and redirects; nil: none.
    var timeout: Duration?
    /// Time after which a transfer slower than 500 bytes per second fails; nil: never.
    var stallTimeout: Duration?
    /// The largest number of redirects that are followed. With 0, the redirect itself is the response.
    var redirectLimit = 0
    /// Schemes that redirects may have.
    var redirectSchemes = "https"
    /// Whether the proxy of `HTTPS_PROXY`, `http_proxy` and `ALL_PROXY` is used, except for the hosts of `NO_PROXY`.
    var usesProxy = false
    /// Whether gzip and deflate bodies are accepted; they are unpacked.
    var unpacksBody = false
    /// A PEM file that replaces the system's certificate authorities.
    var certificateAuthorityFile: String?
    /// Addresses that replace the look-up of the URL's host, in libcurl's notation: `host:port:address,address`.
    var resolvedHost: String?
    /// Called with each address before a connection to it is opened; false refuses the address. Nil: all are allowed.
    var allowsAddress: ((IPAddress) -> Bool)?
  }

  /// A response's status line and headers, after redirects.
  struct Head: Sendable, Equatable {
    var status: Int
    /// Values by lower-case name.
    var headers: [String: String] = [:]
    /// The URL of the response, after redirects.
    var url = ""
    /// The delay of `Retry-After`, which the server sends as seconds or as a date; nil without a valid one.
    var retryAfter: Duration?
  }

  private let handle = curl_easy_init()

  init() { _ = Self.library }

  deinit { curl_easy_cleanup(handle) }

  /// Sends a request. `onHead` gets the response after redirects, then `onBody` gets its body piece by piece. An error
  /// of either closure ends the transfer and is rethrown. Other failures throw ``TransferError``.
  func send(
    _ request: Request, _ cancellation: Cancellation, onHead: @escaping (Head) throws -> Void,
    onBody: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let handle else { throw TransferError.connection("libcurl could not be started") }
    curl_easy_reset(handle)
    let transfer = Transfer(handle, request, cancellation, onHead, onBody)
    let lists = Self.configure(handle, request, transfer)
    defer { for list in lists { curl_slist_free_all(list) } }
    var message = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    let code = message.withUnsafeMutableBufferPointer { buffer in
      // Without these references, both objects could be freed before the transfer ends.
      withExtendedLifetime((self, transfer)) {
        ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, buffer.baseAddress)
        defer { ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil) }
        return curl_easy_perform(handle)
      }
    }
    if let failure = transfer.failure { throw failure }
    guard code != CURLE_OK else { return }
    let number = code == CURLE_COULDNT_CONNECT ? ccurl_number(handle, CURLINFO_OS_ERRNO) : 0
    guard number == 0 else { throw TransferError.connection(String(cString: strerror(Int32(number)))) }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw TransferError(
      code, text.isEmpty ? String(cString: curl_easy_strerror(code)) : text, location: transfer.location)
  }

  private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// Sets the options of `handle`. The returned lists must outlive the transfer.
  private static func configure(
    _ handle: UnsafeMutableRawPointer, _ request: Request, _ transfer: Transfer
  ) -> [UnsafeMutablePointer<curl_slist>?] {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    // Signals belong to the whole process, so libcurl must not use them. After a timeout it does not wait for a name
    // server.
    ccurl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_set_number(handle, CURLOPT_QUICK_EXIT, 1)
    ccurl_set_number(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    _ = ccurl_set_text(handle, CURLOPT_URL, request.url)
    _ = ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = ccurl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, request.redirectSchemes)
    _ = ccurl_set_text(handle, CURLOPT_USERAGENT, "speechbus")
    if let body = request.body {
      ccurl_set_number(handle, CURLOPT_POST, 1)
      ccurl_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      // libcurl copies the bytes.
      body.withUnsafeBytes {
        ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
      }
    }
    ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
    ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, request.timeout.map { max($0.milliseconds, 1) } ?? 0)
    ccurl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 500)
    ccurl_set_number(handle, CURLOPT_LOW_SPEED_TIME, request.stallTimeout.map { Int($0.components.seconds) } ?? 0)
    ccurl_set_number(handle, CURLOPT_FOLLOWLOCATION, request.redirectLimit > 0 ? 1 : 0)
    ccurl_set_number(handle, CURLOPT_MAXREDIRS, request.redirectLimit)
    ccurl_set_number(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if request.unpacksBody { _ = ccurl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip, deflate") }
    if !request.usesProxy { _ = ccurl_set_text(handle, CURLOPT_NOPROXY, "*") }
    if let file = request.certificateAuthorityFile { _ = ccurl_set_text(handle, CURLOPT_CAINFO, file) }

    ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      Transfer.receive(bytes, size * count, context) { try $0.readHeader($1) }
    }
    ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      Transfer.receive(bytes, size * count, context) { try $0.readBody($1) }
    }
    ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    ccurl_set_number(handle, CURLOPT_NOPROGRESS, 0)
    ccurl_set_progress(handle) { context, _, _, _, _ in Transfer.mayContinue(context) ? 0 : 1 }
    ccurl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context)
    ccurl_set_open_socket(handle) { context, _, address in Transfer.openSocket(context, address) }

    let lists = [request.headers, request.resolvedHost.map { [$0] } ?? []].map { texts in
      texts.reduce(nil) { curl_slist_append($0, $1) }
    }
    ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, lists[0])
    ccurl_set_pointer(handle, CURLOPT_RESOLVE, lists[1])
    return lists
  }
}

extension Duration {
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}
