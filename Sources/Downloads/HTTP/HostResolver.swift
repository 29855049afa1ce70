import Foundation

/// Looks up all addresses of a host with `getaddrinfo`.
enum HostResolver {
  /// All addresses, in the system's order of preference; empty when there is no such host, nil when the look-up failed.
  /// Blocks.
  static func addresses(of host: String) -> [IPAddress]? {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else { return status == EAI_NONAME ? [] : nil }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var next = list
    while let entry = next {
      if let address = IPAddress(entry.pointee.ai_addr), !addresses.contains(address) { addresses.append(address) }
      next = entry.pointee.ai_next
    }
    return addresses
  }
}
