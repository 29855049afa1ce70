import Foundation

/// An address that a server is to listen on.
struct ListenAddress {
  let host: String
  let port: Int

  /// Tries to bind the address and releases it again.
  /// - Throws: ``CommandFailure`` with the address, the reason and the settings.
  func check(_ hostSetting: String, _ portSetting: String) throws(CommandFailure) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else {
      throw CommandFailure("\(hostSetting) is \"\(host)\", which is no address or name of this machine", isUsage: true)
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // As the server does: a port whose earlier connections linger is free.
    var reuses: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) != 0 else { return }
    switch errno {
    case EADDRINUSE:
      throw CommandFailure("\(host) port \(port) is in use by another program; set \(portSetting) to a free port")
    case EADDRNOTAVAIL:
      throw CommandFailure("\(host) is no address of this machine; set \(hostSetting) to one, or to 0.0.0.0 for all")
    case EACCES: throw CommandFailure("port \(port) needs root rights; set \(portSetting) to 1024 or higher")
    default: throw CommandFailure("\(host) port \(port) can't be used: \(String(cString: strerror(errno)))")
    }
  }
}
