import NIOCore
import NIOPosix

/// A socket that sends text and reads what comes.
final class RawClient: Sendable {
  private let channel: any Channel
  private let incoming: AsyncStream<String>
  private let source: AsyncStream<String>.Continuation

  /// - Parameter reads: false leaves everything in the socket's buffers.
  init(port: Int, reads: Bool = true) async throws {
    let (stream, source) = AsyncStream<String>.makeStream()
    incoming = stream
    self.source = source
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(source)) }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }

  deinit { channel.close(promise: nil) }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  func close() async throws { try await channel.close() }

  /// Everything up to the chunk in which `end` shows up, or up to the connection's end.
  func read(until end: String) async throws -> String {
    var text = ""
    for await chunk in incoming {
      text += chunk
      if text.contains(end) { break }
    }
    return text
  }

  func readToEnd() async throws -> String {
    var text = ""
    for await chunk in incoming { text += chunk }
    return text
  }

  private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let source: AsyncStream<String>.Continuation

    init(_ source: AsyncStream<String>.Continuation) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      source.yield(String(buffer: unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) { source.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
