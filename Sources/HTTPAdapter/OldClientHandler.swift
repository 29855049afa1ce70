import NIOCore
import NIOHTTP1

/// Speaks HTTP/1.0 to clients that do, which the server itself answers as HTTP/1.1: no chunks, and the connection closes
/// after the answer unless the client asked to keep it and the answer's length is known.
final class OldClientHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private var isOld = false
  private var keepsAlive = false
  private var closesAtEnd = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    isOld = head.version == .http1_0
    guard isOld else { return context.fireChannelRead(data) }
    keepsAlive = head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "keep-alive" }
    // The server closes a connection for this header only.
    if !keepsAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isOld else { return context.write(data, promise: promise) }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      head.version = .http1_0
      head.headers.remove(name: "transfer-encoding")
      let staysOpen = keepsAlive && head.headers.contains(name: "content-length")
      head.headers.replaceOrAdd(name: "connection", value: staysOpen ? "keep-alive" : "close")
      closesAtEnd = keepsAlive && !staysOpen
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end where closesAtEnd:
      context.writeAndFlush(data, promise: promise)
      context.close(promise: nil)
    default: context.write(data, promise: promise)
    }
  }
}
