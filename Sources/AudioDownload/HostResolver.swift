import Dispatch
import Foundation

/// Asks the system for every address of a host.
struct HostResolver: Sendable {
  /// At most this many look-ups wait for the name server at once; each may hold a thread for its full timeout.
  private static let queue = DispatchQueue(label: "speechbus.resolver", attributes: .concurrent)

  /// - Returns: all addresses, in the system's order of preference; empty when the host is unknown.
  func addresses(of host: String) async -> [IPAddress] {
    await withCheckedContinuation { continuation in
      Self.queue.async { continuation.resume(returning: Self.lookUp(host)) }
    }
  }

  private static func lookUp(_ host: String) -> [IPAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var next = list
    while let entry = next {
      if let address = address(entry.pointee), !addresses.contains(address) { addresses.append(address) }
      next = entry.pointee.ai_next
    }
    return addresses
  }

  private static func address(_ info: addrinfo) -> IPAddress? {
    guard let pointer = info.ai_addr else { return nil }
    let raw = UnsafeRawPointer(pointer)
    switch info.ai_family {
    case AF_INET: return IPAddress(v4: raw.loadUnaligned(as: sockaddr_in.self).sin_addr)
    case AF_INET6: return IPAddress(v6: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
    default: return nil
    }
  }
}
