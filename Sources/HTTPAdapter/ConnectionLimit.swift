import Foundation
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// All open connections of a server.
final class OpenConnections: Sendable {
  private struct State {
    var table: ConnectionTable
    var channels: [Int: any Channel] = [:]
    var next = 0
  }

  private let state: Mutex<State>

  init(maximum: Int, maximumPerAddress: Int) {
    state = Mutex(State(table: ConnectionTable(maximum: maximum, maximumPerAddress: maximumPerAddress)))
  }

  /// Closes an idle connection if the new one needs its place.
  /// - Returns: the number of the connection; nil when it is refused.
  fileprivate func open(_ channel: any Channel) -> Int? {
    let address = channel.remoteAddress?.client ?? ""
    let (id, closing) = state.withLock { state -> (Int?, (any Channel)?) in
      state.next += 1
      let id = state.next
      switch state.table.open(id, from: address) {
      case .refused: return (nil, nil)
      case .opened:
        state.channels[id] = channel
        return (id, nil)
      case .openedInPlace(let other):
        state.channels[id] = channel
        return (id, state.channels.removeValue(forKey: other))
      }
    }
    // The connection decides on its own event loop, because a request may have arrived there in the meantime: it is then
    // answered before the connection closes.
    closing?.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    return id
  }

  fileprivate func beginRequest(_ id: Int) { state.withLock { $0.table.beginRequest(id) } }
  fileprivate func endRequest(_ id: Int) { state.withLock { $0.table.endRequest(id) } }

  fileprivate func close(_ id: Int) {
    state.withLock { state in
      state.table.close(id)
      state.channels[id] = nil
    }
  }
}

/// A handler of each connection: closes it at once when there are too many, and reports whether it is idle.
final class ConnectionLimit: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let connections: OpenConnections
  private var id: Int?

  init(_ connections: OpenConnections) {
    self.connections = connections
  }

  func channelActive(context: ChannelHandlerContext) {
    id = connections.open(context.channel)
    if id == nil { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let id, case .head = unwrapInboundIn(data) { connections.beginRequest(id) }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if let id, case .end = unwrapOutboundIn(data) { connections.endRequest(id) }
    context.write(data, promise: promise)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let id { connections.close(id) }
    context.fireChannelInactive()
  }
}

extension SocketAddress {
  /// The unit that a connection counts for: an IPv4 address, or the /64 network of an IPv6 address, because a single
  /// customer usually gets a /64. Empty for a socket of the file system.
  var client: String {
    switch self {
    case .v4: return ipAddress ?? ""
    case .v6(let address):
      let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
      // ::ffff:a.b.c.d is an IPv4 client of a socket that takes both.
      let isMapped = bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
      if isMapped { return bytes.suffix(4).map(String.init).joined(separator: ".") }
      // All of ::/64 would include unrelated addresses.
      return ipAddress == "::1" ? "::1" : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    case .unixDomainSocket: return ""
    }
  }
}
