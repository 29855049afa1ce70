import Foundation

/// An IPv4 or IPv6 address as bytes, and whether the public internet lies behind it. Pure.
struct IPAddress: Sendable, Equatable {
  /// 4 or 16 bytes in network order.
  let bytes: [UInt8]

  /// Reads a numeric address in canonical notation only: `0177.1` and `2130706433` are names, not addresses.
  init?(_ text: String) {
    var v4 = in_addr()
    var v6 = in6_addr()
    if inet_pton(AF_INET, text, &v4) == 1 {
      bytes = withUnsafeBytes(of: v4) { Array($0) }
    } else if inet_pton(AF_INET6, text, &v6) == 1 {
      bytes = withUnsafeBytes(of: v6) { Array($0) }
    } else {
      return nil
    }
  }

  /// Nil for families other than IPv4 and IPv6.
  init?(_ address: UnsafePointer<sockaddr>?) {
    guard let address else { return nil }
    let raw = UnsafeRawPointer(address)
    switch CInt(address.pointee.sa_family) {
    case AF_INET:
      bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
    case AF_INET6:
      bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
    default: return nil
    }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  var text: String {
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// As URLs write it: IPv6 in brackets.
  var urlText: String { bytes.count == 16 ? "[\(text)]" : text }

  /// False for every block of the IANA special-purpose registries that is not globally reachable, for multicast, and
  /// for IPv6 addresses that carry such an IPv4 address inside.
  var isPublic: Bool {
    bytes.count == 4 ? !Self.special4.contains { $0.contains(bytes) } : isPublic6
  }

  private var isPublic6: Bool {
    if let inner = embedded4 { return inner.isPublic }
    guard Self.globalUnicast6.contains(bytes) else { return false }
    return !Self.special6.contains { $0.contains(bytes) }
  }

  /// IPv4-mapped, NAT64 and 6to4 addresses lead to the IPv4 address they carry.
  private var embedded4: IPAddress? {
    for (prefix, start) in Self.carriers where prefix.contains(bytes) {
      return IPAddress(bytes: Array(bytes[start..<start + 4]))
    }
    return nil
  }

  private struct Block {
    let bytes: [UInt8]
    let prefixLength: Int

    init(_ text: String, _ prefixLength: Int) {
      bytes = IPAddress(text)?.bytes ?? []
      self.prefixLength = prefixLength
    }

    func contains(_ address: [UInt8]) -> Bool {
      guard address.count == bytes.count else { return false }
      return (0..<prefixLength).allSatisfy { bit in
        let mask = UInt8(0x80) >> UInt8(bit % 8)
        return (address[bit / 8] ^ bytes[bit / 8]) & mask == 0
      }
    }
  }

  private static let special4: [Block] = [
    Block("0.0.0.0", 8), Block("10.0.0.0", 8), Block("100.64.0.0", 10), Block("127.0.0.0", 8),
    Block("169.254.0.0", 16), Block("172.16.0.0", 12), Block("192.0.0.0", 24), Block("192.0.2.0", 24),
    Block("192.88.99.0", 24), Block("192.168.0.0", 16), Block("198.18.0.0", 15), Block("198.51.100.0", 24),
    Block("203.0.113.0", 24), Block("224.0.0.0", 4), Block("240.0.0.0", 4),
  ]

  private static let globalUnicast6 = Block("2000::", 3)

  private static let special6: [Block] = [
    Block("2001::", 23), Block("2001:db8::", 32), Block("3fff::", 20),
  ]

  private static let carriers: [(Block, Int)] = [
    (Block("::ffff:0:0", 96), 12), (Block("64:ff9b::", 96), 12), (Block("2002::", 16), 2),
  ]
}
