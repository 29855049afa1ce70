import CCurl
import Foundation
import SpeechCore

/// The state of one running request, which libcurl's callbacks change. They run on the thread that sends it.
final class Transfer {
  /// Why a callback ended the transfer.
  private(set) var failure: (any Error)?
  /// The last `Location`, for messages.
  var location: String? { headers["location"] }

  private let handle: UnsafeMutableRawPointer
  private let request: HTTPClient.Request
  private let cancellation: Cancellation
  private let onHead: (HTTPClient.Head) throws -> Void
  private let onBody: (UnsafeRawBufferPointer) throws -> Void
  private var headers: [String: String] = [:]
  private var isHeadComplete = false

  init(
    _ handle: UnsafeMutableRawPointer, _ request: HTTPClient.Request, _ cancellation: Cancellation,
    _ onHead: @escaping (HTTPClient.Head) throws -> Void, _ onBody: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) {
    self.handle = handle
    self.request = request
    self.cancellation = cancellation
    self.onHead = onHead
    self.onBody = onBody
  }

  /// Reads one line of a response's head. Heads of redirects that are followed, and interim ones, are passed over.
  func readHeader(_ bytes: UnsafeRawBufferPointer) throws {
    let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    if line.hasPrefix("HTTP/") {
      headers = [:]
      isHeadComplete = false
    } else if let colon = line.firstIndex(of: ":"), !isHeadComplete {
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    } else if line.isEmpty, !isHeadComplete {
      isHeadComplete = true
      let status = ccurl_number(handle, CURLINFO_RESPONSE_CODE)
      let isFollowed = request.redirectLimit > 0 && (300..<400).contains(status) && location != nil
      guard status >= 200, !isFollowed else { return }
      let seconds = ccurl_large(handle, CURLINFO_RETRY_AFTER)
      try onHead(
        HTTPClient.Head(
          status: status, headers: headers,
          url: ccurl_text(handle, CURLINFO_EFFECTIVE_URL).map { String(cString: $0) } ?? request.url,
          retryAfter: seconds > 0 ? .seconds(seconds) : nil))
    }
  }

  func readBody(_ bytes: UnsafeRawBufferPointer) throws { try onBody(bytes) }

  /// Hands bytes to `read`; a count other than theirs ends the transfer.
  static func receive(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ read: (Transfer, UnsafeRawBufferPointer) throws -> Void
  ) -> Int {
    guard let transfer = of(context) else { return 0 }
    do {
      try read(transfer, UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    } catch {
      transfer.failure = error
      return count + 1
    }
  }

  /// Called all the time, at least every second.
  static func mayContinue(_ context: UnsafeMutableRawPointer?) -> Bool {
    guard let transfer = of(context) else { return false }
    if transfer.cancellation.isCancelled { transfer.failure = TransferError.cancelled }
    return transfer.failure == nil
  }

  /// A socket for a connection to `address`, which is what the host's name was resolved to. None for an address that is
  /// not allowed, and then the whole transfer fails.
  static func openSocket(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafeMutablePointer<curl_sockaddr>?
  ) -> curl_socket_t {
    guard let transfer = of(context), let target else { return CURL_SOCKET_BAD }
    if let allowsAddress = transfer.request.allowsAddress {
      guard let address = IPAddress(ccurl_address(target)), allowsAddress(address) else {
        transfer.failure = TransferError.forbiddenAddress
        return CURL_SOCKET_BAD
      }
    }
    let type = target.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue)
    return socket(target.pointee.family, type, target.pointee.protocol)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }
}
