import HTTPTypes
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Synchronization

/// A handler of each connection: notices that the client has disconnected, and answers `Expect: 100-continue`, which the
/// server does not (curl would wait a second with every larger upload).
final class ConnectionObserver: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundOut = HTTPResponsePart

  let signal = DisconnectSignal()

  /// HTTP/1.0 is answered below the server's own view of requests, which has no version.
  func handlerAdded(context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    guard let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) else { return }
    try? pipeline.addHandler(OldClientHandler(), position: .before(codec))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data), head.headerFields[.expect]?.lowercased() == "100-continue" {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }
    context.fireChannelRead(data)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // The client closed its side: it will not send more, and hardly wait for an answer.
    if case .inputClosed? = event as? ChannelEvent { signal.fire() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    signal.fire()
    context.fireChannelInactive()
  }
}

/// Calls its observers once, when the client has disconnected.
final class DisconnectSignal: Sendable {
  private struct State {
    var isDisconnected = false
    var next = 0
    var actions: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  /// Runs `action` on disconnection, at once if that is past.
  func onDisconnect(_ action: @escaping @Sendable () -> Void) -> Int {
    let (id, isPast) = state.withLock { state in
      state.next += 1
      if !state.isDisconnected { state.actions[state.next] = action }
      return (state.next, state.isDisconnected)
    }
    if isPast { action() }
    return id
  }

  func remove(_ id: Int) {
    state.withLock { $0.actions[id] = nil }
  }

  func fire() {
    let actions = state.withLock { state in
      defer { state.actions = [:] }
      state.isDisconnected = true
      return Array(state.actions.values)
    }
    for action in actions { action() }
  }
}
