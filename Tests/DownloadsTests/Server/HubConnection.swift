import NIOCore
import NIOHTTP1

/// One connection of a test server.
final class HubConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let answer: @Sendable (HubServer.Request) -> HubReply
  private var head: HTTPRequestHead?

  init(_ answer: @escaping @Sendable (HubServer.Request) -> HubReply) {
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      let reply = answer(
        .init(
          method: head.method.rawValue, path: head.uri, range: head.headers.first(name: "Range"),
          authorization: head.headers.first(name: "Authorization")))
      send(reply, isHead: head.method == .HEAD, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A client that refuses our certificate, or leaves early.
    context.close(promise: nil)
  }

  private func send(_ reply: HubReply, isHead: Bool, _ context: ChannelHandlerContext) {
    var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: reply.status))
    for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
    if let count = reply.announcedByteCount {
      head.headers.replaceOrAdd(name: "Content-Length", value: "\(count)")
    } else {
      head.headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
    }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !isHead, !reply.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
    }
    switch reply.ending {
    case .complete: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    case .close:
      let written = context.eventLoop.makePromise(of: Void.self)
      written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: written)
    case .stall: context.flush()
    case .trickle:
      context.flush()
      trickle(reply.trickle[...], context)
    }
  }

  private func trickle(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
    guard context.channel.isActive, !bytes.isEmpty else { return }
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes.prefix(4))))), promise: nil)
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) {
      self.trickle(bytes.dropFirst(4), context)
    }
  }
}
