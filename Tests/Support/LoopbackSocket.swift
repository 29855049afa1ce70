import Foundation

/// A TCP socket bound to a free port of 127.0.0.1, closed when this object is released.
public final class LoopbackSocket: Sendable {
  public struct Failure: Error {}

  public let descriptor: Int32
  public let port: Int

  /// - Parameter listens: whether connections are accepted; otherwise connecting to the port is refused.
  public init(listens: Bool) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && (!listens || listen(descriptor, 64) == 0)
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else {
      close(descriptor)
      throw Failure()
    }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  public var address: String { "http://127.0.0.1:\(port)" }

  /// Runs `serve` with each connection, on a thread per connection, and closes the connection afterwards.
  public func serve(_ serve: @escaping @Sendable (Int32) -> Void) {
    let listener = descriptor
    Thread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        Thread {
          serve(connection)
          close(connection)
        }.start()
      }
    }.start()
  }
}
