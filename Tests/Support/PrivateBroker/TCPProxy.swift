import Foundation
import Synchronization

/// A TCP proxy between a client and the broker that interrupts the connection on demand.
public final class TCPProxy: Sendable {
  public enum Direction: Hashable, Sendable {
    case toBroker, toClient
  }

  private struct State {
    /// Bytes in these directions vanish: to either side the line looks open.
    var swallowed: Set<Direction> = []
    var refuses = false
    var descriptors: Set<Int32> = []
    var acceptedCount = 0
  }

  private let state = Mutex(State())
  private let listener: Int32
  public let port: Int
  private let target: UInt16

  public init(target: Int) throws {
    self.target = UInt16(target)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = Self.loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, pointer, &size) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard bound else { throw PrivateBroker.Failure(description: "the proxy can't listen") }
    Thread { [self] in acceptAll() }.start()
  }

  public var url: String { "amqp://guest:guest@127.0.0.1:\(port)/" }
  /// Connections taken so far.
  public var acceptedCount: Int { state.withLock(\.acceptedCount) }

  /// Makes bytes vanish from now on, until ``restore()``.
  public func swallow(_ directions: Set<Direction>) { state.withLock { $0.swallowed = directions } }

  /// Breaks every line.
  public func cut() {
    for descriptor in state.withLock(\.descriptors) { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }

  public func refuseNew(_ refuses: Bool) { state.withLock { $0.refuses = refuses } }

  public func restore() {
    state.withLock { state in
      state.swallowed = []
      state.refuses = false
    }
  }

  public func close() {
    cut()
    shutdown(listener, Int32(SHUT_RDWR))
    Foundation.close(listener)
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
    return address
  }

  private func acceptAll() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { return }
      let broker = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = Self.loopback(port: target)
      let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(broker, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard connected, !state.withLock(\.refuses) else {
        Foundation.close(client)
        Foundation.close(broker)
        continue
      }
      state.withLock { state in
        state.descriptors.formUnion([client, broker])
        state.acceptedCount += 1
      }
      let lastOne = LastOne { [self] in
        state.withLock { $0.descriptors.subtract([client, broker]) }
        Foundation.close(client)
        Foundation.close(broker)
      }
      Thread { [self] in pump(client, broker, .toBroker, lastOne) }.start()
      Thread { [self] in pump(broker, client, .toClient, lastOne) }.start()
    }
  }

  private func pump(_ source: Int32, _ sink: Int32, _ direction: Direction, _ lastOne: LastOne) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(source, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      if state.withLock({ $0.swallowed.contains(direction) }) { continue }
      var sent = 0
      while sent < count {
        let written = buffer[sent..<count].withUnsafeBytes {
          send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard written > 0 else { break }
        sent += written
      }
      if sent < count { break }
    }
    shutdown(source, Int32(SHUT_RDWR))
    shutdown(sink, Int32(SHUT_RDWR))
    lastOne.leave()
  }

  /// Runs a closure when both pumps are done with the descriptors.
  private final class LastOne: Sendable {
    private let remaining = Mutex(2)
    private let action: @Sendable () -> Void

    init(_ action: @escaping @Sendable () -> Void) { self.action = action }

    func leave() {
      let isLast = remaining.withLock { remaining in
        remaining -= 1
        return remaining == 0
      }
      if isLast { action() }
    }
  }
}
