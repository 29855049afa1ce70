import CCurl
import Foundation
import SpeechCore

/// Sends GET requests through libcurl, one at a time, and keeps connections open between them. It blocks: use it on a
/// thread of its own.
final class HTTPClient {
  struct Request {
    var url: String
    /// As `Name: value`. `Authorization` goes to the first host, scheme and port only, wherever redirects lead.
    var headers: [String] = []
    var connectTimeout: Duration = .seconds(15)
    /// For the whole request, look-up and redirects included; nil: none.
    var timeout: Duration?
    /// Gives up a transfer that stays under 500 bytes a second for this long; nil: never.
    var stallTimeout: Duration?
    /// How many redirects are followed; with 0 the redirect itself is the response.
    var redirectLimit = 0
    /// Schemes that redirects may lead to.
    var redirectSchemes = "https"
    /// Whether `HTTPS_PROXY`, `http_proxy`, `ALL_PROXY` and `NO_PROXY` are followed.
    var usesProxy = false
    /// A PEM file in place of the system's certificate authorities.
    var certificateAuthorityFile: String?
    /// Addresses to use for the URL's host in place of a look-up, as libcurl writes them: `host:port:address,address`.
    var resolvedHost: String?
    /// Judges every address before a connection to it is opened; nil: all are allowed.
    var allowsAddress: ((IPAddress) -> Bool)?
  }

  /// A response's status line and headers, after redirects.
  struct Head: Sendable, Equatable {
    var status: Int
    /// By lower-case name.
    var headers: [String: String] = [:]
    /// Where it came from, after redirects.
    var url = ""
    /// What `Retry-After` asks for, as seconds or as a date; nil when that is nothing.
    var retryAfter: Duration?
  }

  private let handle = curl_easy_init()

  init() { _ = Self.library }

  deinit { curl_easy_cleanup(handle) }

  /// Sends a request. `onHead` gets the response after redirects, then `onBody` gets its body piece by piece; what
  /// either throws ends the transfer and is thrown here. Else throws ``TransferError``.
  func get(
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
      // Without these references, both could be freed before the transfer ends.
      withExtendedLifetime((self, transfer)) {
        ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, buffer.baseAddress)
        defer { ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil) }
        return curl_easy_perform(handle)
      }
    }
    if let failure = transfer.failure { throw failure }
    guard code != CURLE_OK else { return }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw TransferError(
      code, text.isEmpty ? String(cString: curl_easy_strerror(code)) : text, location: transfer.location)
  }

  private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// Returns lists that must outlive the transfer.
  private static func configure(
    _ handle: UnsafeMutableRawPointer, _ request: Request, _ transfer: Transfer
  ) -> [UnsafeMutablePointer<curl_slist>?] {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    // No signals: they are the whole process'. No waiting for a name server after a timeout either.
    ccurl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_set_number(handle, CURLOPT_QUICK_EXIT, 1)
    ccurl_set_number(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    _ = ccurl_set_text(handle, CURLOPT_URL, request.url)
    _ = ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = ccurl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, request.redirectSchemes)
    _ = ccurl_set_text(handle, CURLOPT_USERAGENT, "speechbus")
    ccurl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
    ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, request.timeout.map { max($0.milliseconds, 1) } ?? 0)
    ccurl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 500)
    ccurl_set_number(handle, CURLOPT_LOW_SPEED_TIME, request.stallTimeout.map { Int($0.components.seconds) } ?? 0)
    ccurl_set_number(handle, CURLOPT_FOLLOWLOCATION, request.redirectLimit > 0 ? 1 : 0)
    ccurl_set_number(handle, CURLOPT_MAXREDIRS, request.redirectLimit)
    ccurl_set_number(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
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
